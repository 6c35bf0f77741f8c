"""A meetup's seats lived through at random, by the services, with everything that must hold after each act.

`life`: who there is. `people`, `desk`, `seats`, `fee`, `moving`, `form` and `passing`: what they do, each rule one act of somebody;
what the rules of the house refuse changes nothing. `sight`: the meetup as it stands after an act, read once.
`order`, `places`, `history` and `money`: what must hold of it.
"""

from tests.support.seat_life.whole import SeatLife

__all__ = ["SeatLife"]
