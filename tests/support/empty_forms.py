"""Forms with nothing filled in, for a client that reads pages as text."""

from __future__ import annotations

from tests.support.client import Form, Page

CHOSEN = {"checkbox", "radio"}
TYPED = {"text", "email", "tel", "url", "number", "date", "datetime-local"}
NEVER_FILLED = {"hidden", "submit", "search", "button", "image", "reset"}


class EmptyForms(Page):
    """The forms of a page with what they hold while nobody has typed or ticked anything; `fillable` have room for that."""

    def __init__(self, html: str) -> None:
        self.fillable: list[Form] = []
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = (given.get("type") or "text").lower()
        if tag == "input" and kind in TYPED:
            attrs = [*attrs, ("value", "")]
        if tag == "input" and kind in CHOSEN:
            attrs = [(name, value) for name, value in attrs if name != "checked"]
        super().handle_starttag(tag, attrs)
        if self._form and (tag in {"textarea", "select"} or (tag == "input" and kind not in NEVER_FILLED)):
            self._has_room(self._form)

    def handle_data(self, data: str) -> None:
        """What a textarea holds is taken out of it."""

    def _has_room(self, form: Form) -> None:
        if form.method == "post" and form not in self.fillable:
            self.fillable.append(form)
