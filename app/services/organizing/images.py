"""Pictures that organizers upload: decoded with limits, made anew as WebP, kept by their content.

Nothing of the upload survives but its pixels: no metadata (a photograph tells where it was taken), no
second format hidden in the first.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from flask import current_app
from PIL import Image as Pictures
from PIL import ImageOps, UnidentifiedImageError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.domain.errors import DomainError
from app.files import write_atomically
from app.models import CertificateDesign, Image, Meetup, MeetupState, StoryPhoto
from app.services import audit

FORMATS = ("JPEG", "PNG", "WEBP")
MIB = 1024 * 1024
MAX_UPLOAD = 12 * MIB
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600
MAX_STORED = 400_000
QUALITIES = (84, 74, 62, 48, 34)
MEDIA_TYPE = "image/webp"


def store(program_id: int, upload: IO[bytes], actor: str, *, side: int = MAX_SIDE) -> Image:
    """Keep a picture for a programme, no longer than `side`; the same picture twice is one row. Raises `DomainError`."""
    picture = _decoded(upload, side)
    data = _encoded(picture)
    digest = hashlib.sha256(data).hexdigest()
    write_atomically(path_of(digest), data)
    with transaction() as session:
        query = select(Image).where(Image.program_id == program_id, Image.sha256 == digest)
        if known := session.scalars(query.limit(1)).first():
            return known
        width, height = picture.size
        image = Image(program_id=program_id, sha256=digest, media_type=MEDIA_TYPE, width=width, height=height)
        session.add(image)
        audit.record(session, "image.stored", image, actor, program_id=program_id, bytes=len(data))
        return image


def path_of(digest: str) -> Path:
    folder: Path = current_app.config["SETTINGS"].DATA_DIR
    return folder / "uploads" / f"{digest}.webp"


def largest_megabytes() -> int:
    """How much a picture may weigh here: no more than any upload."""
    most: int = current_app.config["SETTINGS"].MAX_UPLOAD_MB
    return min(MAX_UPLOAD // MIB, most)


def is_shown_publicly(digest: str) -> bool:
    """Whether a meetup that strangers may see shows this picture."""
    query = (
        select(Meetup.id)
        .join(Image, Meetup.cover_id == Image.id)
        .where(Image.sha256 == digest, Meetup.state != MeetupState.DRAFT)
    )
    return db.session.scalar(query.limit(1)) is not None


def belongs_to(digest: str, program_ids: Iterable[int]) -> bool:
    """Whether one of these programmes uploaded this picture."""
    query = select(Image.id).where(Image.sha256 == digest, Image.program_id.in_(list(program_ids)))
    return db.session.scalar(query.limit(1)) is not None


def discard(session: Session, image_id: int) -> str | None:
    """Delete the picture's row where nothing shows it; its digest where its file may go, too. In the caller's transaction."""
    shown = (
        select(StoryPhoto.id).where(or_(StoryPhoto.image_id == image_id, StoryPhoto.small_id == image_id)),
        select(Meetup.id).where(Meetup.cover_id == image_id),
        select(CertificateDesign.id).where(CertificateDesign.seal_id == image_id),
    )
    used = any(session.scalar(query.limit(1)) for query in shown)
    image = session.get(Image, image_id)
    if used or image is None:
        return None
    session.delete(image)
    session.flush()
    others = select(Image.id).where(Image.sha256 == image.sha256).limit(1)
    return None if session.scalar(others) else image.sha256


def _decoded(upload: IO[bytes], side: int) -> Pictures.Image:
    data = upload.read(MAX_UPLOAD + 1)
    if len(data) > MAX_UPLOAD:
        raise DomainError("image_too_heavy", megabytes=largest_megabytes())
    try:
        with Pictures.open(io.BytesIO(data), formats=FORMATS) as picture:
            _refuse_bomb(picture)
            picture.draft("RGB", (side, side))  # a large JPEG is decoded smaller
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((side, side))
            return _opaque(upright)
    except (Pictures.DecompressionBombError, Pictures.DecompressionBombWarning) as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise DomainError("not_an_image") from error
    except DomainError:
        raise
    except Exception as error:  # decoders fail in ways of their own: damaged EXIF as struct.error
        raise DomainError("image_broken") from error


def _refuse_bomb(picture: Pictures.Image) -> None:
    """The header tells the size before a pixel is unpacked."""
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_large()


def _too_large() -> DomainError:
    return DomainError("image_too_large", megapixels=MAX_PIXELS // 1_000_000)


def _opaque(picture: Pictures.Image) -> Pictures.Image:
    """On white, so that a transparent logo looks the same by day and by night; a new picture
    carries no metadata along."""
    coloured = picture.convert("RGBA")
    ground = Pictures.new("RGBA", coloured.size, "white")
    ground.alpha_composite(coloured)
    return ground.convert("RGB")


def _encoded(picture: Pictures.Image) -> bytes:
    data = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=4)
        data = out.getvalue()
        if len(data) <= MAX_STORED:
            break
    return data
