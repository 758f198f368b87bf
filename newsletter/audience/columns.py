"""Decides what becomes of each column of a list, and what must be asked first."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from newsletter.audience import questions
from newsletter.audience.entries import Column, ImportOptions, Question, Role, value_id
from newsletter.audience.evidence import Evidence
from newsletter.audience.headers import (
    address_rank,
    fold,
    folded,
    is_about_work,
    is_technical,
    role_of,
    slot_name,
    work_names,
)
from newsletter.audience.marks import asked_about_marks
from newsletter.audience.meanings import (
    MAPPED_KINDS,
    SENT_UNTIL,
    address_places,
    count_added,
    find_evidence,
    is_own_export,
    kinds_of,
    mapped_to,
)
from newsletter.audience.standings import Kind, is_leavers_title, looks_like_one
from newsletter.audience.survey import Survey, codes_of
from newsletter.errors import AudienceError
from newsletter.language import say

# What `[import.columns]` may assign to a column, besides the name of an attribute.
_MAPPED_ROLES = {
    "email": Role.ADDRESS, "name": Role.NAME, "first_name": Role.FIRST_NAME,
    "last_name": Role.LAST_NAME, "language": Role.LANGUAGE, "ignore": Role.OFFERED,
    "": Role.OFFERED,
}  # fmt: skip
_OWN_ROLES = {"name": Role.NAME, "language": Role.LANGUAGE}
_KINDS_IN_WORDS = {
    Kind.OWN: say("the standing that an export of this program writes"),
    Kind.STATUS: say("says who is subscribed and who left"),
    Kind.LEFT: say("who has something here has left, or cannot be reached"),
    Kind.CONSENT: say("who has no “yes” and no day here is not shown to have agreed"),
    Kind.JOINED: say("says when somebody agreed or subscribed"),
    Kind.EVIDENCE: say("who has a “no” here did not agree, and has left"),
}
_TAKEN = {  # a role that another column has
    Role.NAME: say("another column is the name"),
    Role.LANGUAGE: say("another column is the language"),
    Role.FIRST_NAME: say("another column is the first name"),
    Role.LAST_NAME: say("another column is the last name"),
}
_MOST_ASKED = 8  # unknown values of a column; with more, the column itself is asked about


@dataclass(slots=True, kw_only=True)
class Layout:
    """What becomes of the columns of a list."""

    header: Sequence[str]
    survey: Survey
    wishes: ImportOptions
    asked: Set[str]  # headers, folded, and names that were requested or are used
    is_own: bool  # our own export, which holds only what was requested
    mapped: Sequence[str | None]  # what the settings say of each column
    columns: dict[int, Column] = field(default_factory=dict)  # by column index
    names: set[str] = field(default_factory=set)  # the names their values are stored under
    questions: list[Question] = field(default_factory=list)
    kinds: dict[int, Kind] = field(default_factory=dict)  # columns about standing, by index
    work: Mapping[int, str] = field(default_factory=dict)  # attributes about work, by index
    evidence: Evidence = field(default_factory=Evidence)  # that people agreed

    def put(self, place: int, role: Role, *, name: str = "", why: str = "") -> None:
        """Set what becomes of a column; without a name its values are not stored."""
        head = self.header[place]
        self.columns[place] = Column(header=head, place=place, role=role, name=name, why=why)
        self.names.add(name)

    def places(self, role: Role) -> list[int]:
        """Return the indexes of the columns with a role."""
        return [place for place, column in sorted(self.columns.items()) if column.role is role]

    @property
    def stored(self) -> Mapping[int, str]:
        """Return the name under which the values of each kept column are stored."""
        return {p: column.name for p, column in sorted(self.columns.items()) if column.name}

    @property
    def builds_name(self) -> bool:
        """Return whether names are built from two columns."""
        return not self.places(Role.NAME) and bool(
            self.places(Role.FIRST_NAME) or self.places(Role.LAST_NAME)
        )


def lay_out(header: Sequence[str], survey: Survey, wishes: ImportOptions) -> Layout:
    """Decide what becomes of each column; raise AudienceError for a wish that cannot be met."""
    _check_wishes(header, wishes)
    layout = Layout(
        header=header,
        survey=survey,
        wishes=wishes,
        asked={*map(fold, wishes.columns), *wishes.columns, *wishes.used},
        is_own=is_own_export(header),
        mapped=[mapped_to(head, wishes) for head in header],
        kinds=kinds_of(header, wishes),
    )
    layout.work = _about_work(layout)
    for place, head in enumerate(header):
        if head.strip() == SENT_UNTIL:
            layout.put(place, Role.HISTORY)
    if layout.is_own:
        _place_our_own(layout)
        return layout
    codes = {place: codes_of(survey.finds[place], kind) for place, kind in layout.kinds.items()}
    layout.evidence = find_evidence(header, layout.kinds, codes, wishes)
    _place_address(layout)
    _place_standings(layout)
    _place_empty(layout)
    for role in (Role.NAME, Role.LANGUAGE, Role.FIRST_NAME, Role.LAST_NAME):
        _place_role(layout, role)
    _place_others(layout)
    _place_evidence(layout)
    _ask_about_marks(layout)
    return layout


def _about_work(layout: Layout) -> dict[int, str]:
    """Return the attributes of the columns about work that the settings do not mention."""
    unsaid = [
        "" if said is not None or _is_empty(layout.survey, place) else head
        for place, (head, said) in enumerate(zip(layout.header, layout.mapped, strict=True))
    ]
    return work_names(unsaid, {said.strip() for said in layout.wishes.mapping.values()})


def _is_empty(survey: Survey, place: int) -> bool:
    return bool(survey.rows) and not survey.finds[place].filled


def _check_wishes(header: Sequence[str], wishes: ImportOptions) -> None:
    known = {fold(head) for head in header} | {slot_name(head) for head in header}
    for wish in (*wishes.columns, *wishes.evidence):
        if fold(wish) not in known and wish not in known:
            raise AudienceError(
                say(
                    "no column is called “{name}”; the list has: {names}",
                    name=wish,
                    names=_shown(header),
                )
            )
    for head, mapped in wishes.mapping.items():
        word = mapped.strip()
        if word not in _MAPPED_ROLES and word not in MAPPED_KINDS and slot_name(word) != word:
            raise AudienceError(
                say(
                    "[import.columns]: “{header}” cannot be kept as “{name}”; write a name of "
                    "lower-case letters, figures and underscores, or email, name, first_name, "
                    "last_name, language, consent, evidence, left, status, ignore",
                    header=head,
                    name=mapped,
                )
            )


# --- our own export -----------------------------------------------------------------------


def _place_our_own(layout: Layout) -> None:
    """Take each column at its word: an attribute called “status” is not a standing here."""
    _place_standings(layout)
    layout.put(0, Role.ADDRESS)
    _place_empty(layout)
    for place, head in enumerate(layout.header):
        if place not in layout.columns:
            layout.put(place, _OWN_ROLES.get(head, Role.ATTRIBUTE), name=head)


# --- addresses ----------------------------------------------------------------------------


def _place_address(layout: Layout) -> None:
    header, wishes, survey = layout.header, layout.wishes, layout.survey
    places = address_places(header, wishes)
    # Where no column holds any, each row is refused with its reason.
    holding = [p for p in places if survey.finds[p].addresses] or places[:1]
    chosen = holding[0]
    rivals = [p for p in holding if _rank(layout, p) == _rank(layout, chosen)]
    if len(rivals) > 1:
        answer = wishes.answers.get("address", "")
        if answer in {str(p + 1) for p in rivals}:
            chosen = int(answer) - 1
        else:
            layout.questions.append(questions.address_question(header, rivals))
    layout.put(chosen, Role.ADDRESS)
    if layout.kinds.get(chosen) is not Kind.NOTE:
        layout.kinds.pop(chosen, None)
    leaving_values = {value for value in survey.finds[chosen].leaving_values if "@" in value}
    question = _doubt(layout, chosen, leaving_values) if leaving_values else None
    if question:  # “Perunut <aino@saatio.fi>”
        layout.questions.append(question)
    for place in places:
        if place != chosen:
            beside = _of_others(layout, place)
            layout.questions += [beside] if beside else []
            why = say("“{header}” holds the addresses", header=header[chosen].strip())
            layout.put(place, Role.OFFERED, why=why)


def _rank(layout: Layout, place: int) -> int:
    is_said = layout.mapped[place] == "email"
    return -1 if is_said else address_rank(layout.header[place]) or 0


# --- who left, who agreed -----------------------------------------------------------------


def _place_standings(layout: Layout) -> None:
    added = count_added(layout.header)  # they say why a row was refused, not that anybody left
    for place, find in enumerate(layout.survey.finds):
        if place in layout.columns or place < added:
            continue
        kind = layout.kinds.get(place)
        question = None if layout.is_own else _doubt(layout, place, find.leaving_values)
        if kind is None and not layout.is_own:
            question = _of_others(layout, place) or question
        if question:
            layout.questions.append(question)
        if kind is None and question:
            layout.put(place, Role.OFFERED, why=say("it is asked what it says"))
        if kind in (None, Kind.NOTE):  # a column of notes is kept or left out like any other
            continue
        is_consent = kind in (Kind.CONSENT, Kind.JOINED, Kind.EVIDENCE)
        role = Role.CONSENT if is_consent else Role.STANDING
        layout.put(place, role, name=_asked_name(layout, place), why=_KINDS_IN_WORDS[kind])
        layout.questions += _unknown_values(layout, place)


def _doubt(layout: Layout, place: int, leaving_values: Set[str]) -> Question | None:
    """Return the question about a column that may or may not be about standing."""
    head = layout.header[place]
    mapped, answer = layout.mapped[place], layout.wishes.answers.get(_question_id(head))
    if layout.kinds.get(place) or answer == "ignore" or mapped in ("ignore", ""):
        return None
    if leaving_values:
        return questions.note_question(head, sorted(leaving_values))
    is_known = mapped is not None or role_of(head) is not None or is_about_work(head)
    return questions.column_question(head) if looks_like_one(head) and not is_known else None


def _of_others(layout: Layout, place: int) -> Question | None:
    """Return the question about addresses of people who left, next to those of the rows."""
    head, find = layout.header[place], layout.survey.finds[place]
    question = questions.other_addresses_question(head)
    is_said = layout.mapped[place] is not None or question.id in layout.wishes.answers
    return question if find.addresses and is_leavers_title(head) and not is_said else None


def _unknown_values(layout: Layout, place: int) -> list[Question]:
    find, kind = layout.survey.finds[place], layout.kinds[place]
    head, answers = layout.header[place], layout.wishes.answers
    asked = answers.get(_question_id(head), "")
    if not find.filled and kind in (Kind.CONSENT, Kind.STATUS) and layout.survey.rows and not asked:
        return [questions.empty_column_question(head)]
    if asked == "left":
        return []  # whatever the column holds
    codes = codes_of(find, kind)
    unknown = [
        value
        for value in sorted(find.unknown)
        if value_id(head, value) not in answers and value.casefold() not in codes
    ]
    if len(unknown) > _MOST_ASKED and not asked:
        return [questions.column_question(head, unknown[0])]
    return [questions.value_question(head, value) for value in unknown]


def _ask_about_marks(layout: Layout) -> None:
    """Ask about columns of marks that are not mapped, requested or already asked about."""
    asked = {question.id for question in layout.questions}
    left_out = {*layout.places(Role.OFFERED), *layout.places(Role.UNUSABLE)}
    unasked = [
        place
        for place in sorted(left_out)
        if _question_id(layout.header[place]) not in asked and layout.mapped[place] is None
    ]
    layout.questions += asked_about_marks(layout.header, layout.survey, layout.wishes, unasked)


def _question_id(head: str) -> str:
    return f"column:{head.strip()}"


# --- names, language, attributes ----------------------------------------------------------


def _place_empty(layout: Layout) -> None:
    for place in range(len(layout.header)):
        if place not in layout.columns and _is_empty(layout.survey, place):
            layout.put(place, Role.EMPTY, why=say("nothing stands in it"))


def _place_role(layout: Layout, role: Role) -> None:
    """Give a role to the first column that fits it; the others are offered as attributes."""
    left = [
        place
        for place in range(len(layout.header))
        if place not in layout.columns and _role(layout, place) is role
    ]
    left.sort(key=lambda place: layout.mapped[place] is None)
    has_name = bool(layout.places(Role.NAME))
    for place in left:
        name = role.value.replace(" ", "_")
        is_part = role in (Role.FIRST_NAME, Role.LAST_NAME) and has_name
        if is_part and name not in layout.wishes.used and not _is_kept(layout, place):
            layout.put(place, Role.OFFERED, why=say("the list has whole names"))
        elif name in layout.names:
            layout.put(place, Role.OFFERED, why=_TAKEN[role])
        else:
            layout.put(place, role, name=name)


def _role(layout: Layout, place: int) -> Role | None:
    mapped = layout.mapped[place]
    return role_of(layout.header[place]) if mapped is None else _MAPPED_ROLES.get(mapped)


def _place_others(layout: Layout) -> None:
    for place, head in enumerate(layout.header):
        if place in layout.columns:
            continue
        mapped = layout.mapped[place]
        name = _own_name(layout, place) if mapped is None else mapped
        if not name:
            why = say("its header cannot name a slot") if fold(head) else say("it has no header")
            layout.put(place, Role.UNUSABLE if mapped is None else Role.OFFERED, why=why)
        elif name in layout.names or (mapped is None and _is_for_another(layout, place, name)):
            why = say("another column is “{name}” already", name=name)
            layout.put(place, Role.UNUSABLE, why=why)
        elif mapped == "ignore":
            layout.put(place, Role.OFFERED, why=say("[import.columns] leaves it out"))
        elif mapped is not None or _is_kept(layout, place):
            layout.put(place, Role.ATTRIBUTE, name=name)
        else:
            layout.put(place, Role.OFFERED, why=say("--columns {name} takes it", name=name))


def _place_evidence(layout: Layout) -> None:
    """Say of columns that would be left out that they are kept as evidence; ask of their days."""
    is_asked = "dates" in layout.wishes.answers
    for column in layout.evidence.columns:
        days = layout.survey.finds[column.place].unclear_days
        if days and not is_asked:
            layout.questions.append(questions.days_question(column.header, days))
            is_asked = True
        if layout.columns[column.place].role in (Role.OFFERED, Role.UNUSABLE):
            layout.put(column.place, Role.EVIDENCE)


def _is_kept(layout: Layout, place: int) -> bool:
    """Return whether a column is requested, used, or known to be about work."""
    head = layout.header[place]
    if _asked_name(layout, place):
        return True
    return is_about_work(head) and not is_technical(head, folded(layout.header))


def _asked_name(layout: Layout, place: int) -> str:
    """Return the slot name of a column that is requested or used; "" for any other."""
    head = layout.header[place]
    name = _own_name(layout, place)
    return name if {name, slot_name(head), fold(head)} & layout.asked else ""


def _is_for_another(layout: Layout, place: int, name: str) -> bool:
    """Return whether a later column has a better claim to this name."""
    return name in layout.work.values() and layout.work.get(place) != name


def _own_name(layout: Layout, place: int) -> str:
    return layout.work.get(place) or slot_name(layout.header[place])


def _shown(header: Sequence[str]) -> str:
    return ", ".join(re.sub(r"\s+", " ", head).strip()[:60] for head in header[:40])
