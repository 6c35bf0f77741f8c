"""The tables, and the questions that a row can answer about itself."""

from app.models.accounts import (
    MEETUP_ROLES,
    Account,
    AccountInvitation,
    AccountSession,
    MeetupMembership,
    Membership,
    Role,
    SignInLink,
)
from app.models.audit import AuditEntry, AuditSeal
from app.models.badges import BadgeDesign, BadgePrint, ExtraBadge, PrintedBadge
from app.models.certificates import CertificateDesign
from app.models.checkins import CheckIn, CheckInKind, Device, DeviceRole, Enrolment, TickMark, Verdict
from app.models.claims import Claim
from app.models.column_sets import ColumnSet
from app.models.destructions import Destruction
from app.models.draws import Draw, DrawEntry
from app.models.export_jobs import ExportJob, ExportState
from app.models.fees import Fee, Payment
from app.models.host_lists import HostList
from app.models.images import Image
from app.models.inside_notes import InsideNote
from app.models.introductions import IntroductionCard
from app.models.invitations import WAS_INVITED, InvitationBatch, MeetupInvitation
from app.models.limits import Throttle
from app.models.mail import MailState, OptOut, OutboxMail
from app.models.mail_server import THE_ONE as THE_ONE
from app.models.mail_server import MailServer as MailServer
from app.models.mail_texts import MeetupMailText
from app.models.meetups import (
    TAKES_PLACE,
    Audience,
    Meetup,
    MeetupState,
    meetup_cohort,
)
from app.models.messages import Message
from app.models.moves import MeetupMove
from app.models.notices import ConsentRecord, NoticeVersion, TemplateKind, TextTemplate
from app.models.own_data import AddressChange, ErasedAddress, FreshProof
from app.models.passkeys import Ceremony, Passkey, PasskeyChallenge
from app.models.people import Person, PersonAddress, PersonPhone
from app.models.programs import AlumniTerm, Cohort, Program
from app.models.questions import AnswerSheet, QuestionsVersion
from app.models.registrations import (
    AS_WALK_IN,
    IS_ACTIVE,
    AddressProof,
    ProofAnswer,
    Registration,
    RegistrationEvent,
    Source,
    Status,
)
from app.models.reserved_seats import ReservedSeat
from app.models.rosters import RosterCorrection, RosterEntry, RosterImport, RosterUpload
from app.models.saved_views import SavedView
from app.models.schedule import ScheduledAct
from app.models.stories import Story, StoryPhoto, StoryQuote
from app.models.surveys import Survey, SurveyReply, SurveyTally, SurveyText
from app.models.tables import TablePlan, TableSeat
from app.models.tags import RegistrationNote, RegistrationTag, Tag, ToldChange
from app.models.talks import Talk, TalkKind
from app.models.tickets import Ticket
from app.models.walk_ins import WalkInCheck

__all__ = [
    "AS_WALK_IN", "IS_ACTIVE", "MEETUP_ROLES", "TAKES_PLACE", "WAS_INVITED", "Account", "AccountInvitation", "AccountSession", "AddressChange", "AddressProof", "AlumniTerm", "AnswerSheet", "Audience", "AuditEntry", "AuditSeal",
    "BadgeDesign", "BadgePrint", "Ceremony", "CertificateDesign", "CheckIn", "CheckInKind", "Claim", "Cohort", "ColumnSet", "ConsentRecord", "Destruction", "Device", "DeviceRole", "Draw", "DrawEntry", "Enrolment",
    "ErasedAddress", "ExportJob", "ExportState", "ExtraBadge", "Fee", "FreshProof", "HostList", "Image", "InsideNote", "IntroductionCard", "InvitationBatch", "MailState", "Meetup", "MeetupInvitation", "MeetupMailText", "MeetupMembership",
    "MeetupMove", "MeetupState", "Membership", "Message", "NoticeVersion", "OptOut", "OutboxMail", "Passkey", "PasskeyChallenge", "Payment", "Person", "PersonAddress", "PersonPhone", "PrintedBadge",
    "Program", "ProofAnswer", "QuestionsVersion", "Registration", "RegistrationEvent", "RegistrationNote", "RegistrationTag", "ReservedSeat", "Role", "RosterCorrection", "RosterEntry", "RosterImport", "RosterUpload", "SavedView", "ScheduledAct",
    "SignInLink", "Source", "Status", "Story", "StoryPhoto", "StoryQuote", "Survey", "SurveyReply", "SurveyTally", "SurveyText", "TablePlan", "TableSeat", "Tag", "Talk", "TalkKind",
    "TemplateKind", "TextTemplate", "Throttle", "TickMark", "Ticket", "ToldChange", "Verdict", "WalkInCheck", "meetup_cohort",
]  # fmt: skip


def _never_reuse_ids() -> None:
    """SQLite hands a deleted row's id out again unless told not to; history refers to rows by id."""
    for table in AuditEntry.metadata.tables.values():
        if [column.name for column in table.primary_key] == ["id"]:
            table.dialect_kwargs["sqlite_autoincrement"] = True


_never_reuse_ids()
