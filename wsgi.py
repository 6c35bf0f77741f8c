"""The WSGI entry point: `granian --interface wsgi wsgi:app`."""

from app import create_app
from app.slots import Slots

app = create_app()
app.wsgi_app = Slots(app.wsgi_app)  # type: ignore[method-assign]
