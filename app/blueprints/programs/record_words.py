"""What DNS says of the sender's domain, and what to do about it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.mail_records import Finding, Kind

FINDINGS = {
    Finding.GOOD: (_l("Found"), "ok"),
    Finding.MISSING: (_l("Missing"), "refused"),
    Finding.SEVERAL: (_l("More than one"), "refused"),
    Finding.OPEN: (_l("Lets everybody send"), "refused"),
    Finding.REVOKED: (_l("Revoked"), "refused"),
    Finding.WATCHES: (_l("Only reports"), "attention"),
    Finding.UNKNOWN: (_l("No answer"), "attention"),
}
UNKNOWN = _l("DNS gave no answer just now. Try again, or look it up elsewhere.")
ADVICE = {
    (Kind.SPF, Finding.GOOD): _l("Check that your mail service stands in it, as its help page says."),
    (Kind.SPF, Finding.MISSING): _l(
        "Add the TXT record that your mail service's help page names. Without it many services refuse mail."
    ),
    (Kind.SPF, Finding.SEVERAL): _l("Make one record of them: receivers use none of two."),
    (Kind.SPF, Finding.OPEN): _l(
        "It ends with “all” or “+all”, which lets the whole world send in your name. “~all” is usual."
    ),
    (Kind.DKIM, Finding.GOOD): _l("The key is there. That mails are signed with it, a test mail shows."),
    (Kind.DKIM, Finding.MISSING): _l(
        "No key was found under this name. Switch DKIM on at your mail service and add the record that it gives, or write another selector below."
    ),
    (Kind.DKIM, Finding.REVOKED): _l("The key was taken back. Add the one that your mail service gives now."),
    (Kind.DMARC, Finding.GOOD): _l("Mails in your name that fail the two above are kept away."),
    (Kind.DMARC, Finding.WATCHES): _l(
        "Enough for a start: services only report. Once reports show nothing strange, “p=quarantine” protects your name."
    ),
    (Kind.DMARC, Finding.MISSING): _l(
        "Add a TXT record with “v=DMARC1; p=none”. Gmail and others ask for it of whoever writes to many."
    ),
    (Kind.DMARC, Finding.SEVERAL): _l("Leave one of them: receivers use none of two."),
    (Kind.MX, Finding.GOOD): _l("Answers and returned mails have a way back."),
    (Kind.MX, Finding.MISSING): _l("Nobody takes mail for this domain: answers and returned mails are lost."),
}
