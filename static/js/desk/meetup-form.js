// The meetup form: rows of the programme without a trip to the server, and a likely end.
import { start as startTalks } from './talks.js';
import { start as startEnds } from './ends.js';

for (const form of document.querySelectorAll('[data-meetup-form]')) {
  startTalks(form);
  startEnds(form);
}
