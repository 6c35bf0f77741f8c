"""Who is known to a programme: cohorts, rosters, people, who came."""
