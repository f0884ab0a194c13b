"""A report on A4 paper: the charts by matplotlib, the pages by fpdf2.

fpdf2 and not matplotlib alone, which knows no paragraph and no table that goes on over pages; not reportlab, in which
a text has one font: here each letter is printed by the first font that has it, and Arabic and Hebrew run right to left.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from monitor.insight import written
from monitor.insight.export import drawing
from monitor.insight.export.fonts import Fonts, fonts_for, text_font
from monitor.insight.export.tables import (
    Column,
    Fact,
    Table,
    facts,
    headline,
    limits,
    markers,
    moments,
    shares,
    students,
)
from monitor.insight.report import Report
from monitor.palette import LOOKS
from monitor.words import _

MARGIN_MM, WIDTH_MM = 15, 180
INK, GREY, ACCENT, STRIPE = (27, 31, 42), (95, 95, 95), (31, 111, 139), (245, 245, 242)
TEXT_PT, SMALL_PT, TABLE_PT, HEAD_PT = 9.5, 8, 8.5, 7.5
BAR_MM, LABEL_MM, LONGEST_BAR_MM = 6, 28, 115
LINE = 1.45
"""Of the height of the letters, which fpdf2 wants in millimetres."""
PT_MM = 25.4 / 72


def to_pdf(found: Report, zone: tzinfo, now: datetime) -> bytes:
    """Two to four pages, more for very many students."""
    pages = _Pages(found, zone, now, fonts_for(_all_text(found, (shares(found), markers(found), students(found)))))
    _head(pages, found, zone)
    if not found.empty:
        _over_time(pages, found, zone)
        _bars(pages, found)
        _moments(pages, moments(found), zone)
        _markers(pages, markers(found), zone)
        if found.students:
            _students(pages, students(found), zone)
        _how_sure(pages, facts(found), zone)
    return bytes(pages.output())


class _Pages(FPDF):
    """Paragraphs, tables and charts one below the other; every page says what it belongs to."""

    def __init__(self, found: Report, zone: tzinfo, now: datetime, fonts: Fonts) -> None:
        super().__init__(format="A4")
        self._fonts = fonts
        self._foot = f"{fonts.readable(found.lesson.title)} · {now.astimezone(zone):%d %b %Y, %H:%M}"
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(True, margin=18)
        self.set_title(found.lesson.title)
        self.set_lang("en")
        self.add_font("Text", "", text_font())
        self.add_font("Text", "B", text_font(bold=True))
        for number, file in enumerate(fonts.files[1:]):
            self.add_font(f"Other{number}", "", file.path, collection_font_number=file.number)
        self.set_fallback_fonts([f"Other{number}" for number in range(len(fonts.files) - 1)], exact_match=False)
        self.set_text_shaping(True, features={"liga": False})
        self.add_page()

    def footer(self) -> None:
        self.set_y(-12)
        self._pen(SMALL_PT - 0.5, GREY)
        self.cell(140, 5, self._foot)
        self.cell(0, 5, _("Page {n} of {all}").format(n=self.page_no(), all="{nb}"), align=Align.R)

    def _pen(self, size: float, colour: tuple[int, int, int] = INK, bold: bool = False) -> None:
        self.set_font("Text", "B" if bold else "", size)
        self.set_text_color(*colour)

    def paragraph(
        self, text: str, size: float = TEXT_PT, colour: tuple[int, int, int] = INK, bold: bool = False
    ) -> None:
        self._pen(size, colour, bold)
        height = size * PT_MM * LINE
        self.multi_cell(0, height, self._fonts.readable(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def heading(self, text: str, room_mm: float = 30) -> None:
        """Goes to the next page unless `room_mm` are left below it on this one."""
        if self.will_page_break(room_mm):
            self.add_page()
        self.ln(3)
        self.paragraph(text, 11, ACCENT, bold=True)
        self.ln(1)

    def chart(self, png: bytes, words: str) -> None:
        self.image(io.BytesIO(png), w=WIDTH_MM, alt_text=words)
        self.ln(1)

    def bar(
        self, label: str, colour: str, words: str, length: float, bounds: tuple[float, float], scale: float
    ) -> None:
        """A line: what it is, how much as a bar of `length` mm with its interval as a whisker, and in words."""
        top, left = self.get_y(), self.l_margin + LABEL_MM
        low, high = (left + bound * scale for bound in bounds)
        self._pen(TABLE_PT)
        self.cell(LABEL_MM - 2, BAR_MM, label)
        self.set_fill_color(colour)
        self.set_draw_color(*INK)
        self.rect(left, top + 0.7, max(length, 0.1), BAR_MM - 1.4, style="F")
        self.line(low, top + BAR_MM / 2, high, top + BAR_MM / 2)
        for end in (low, high):
            self.line(end, top + 1.5, end, top + BAR_MM - 1.5)
        self.set_xy(high + 2, top)
        self.cell(0, BAR_MM, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def grid(
        self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float], words: Sequence[int]
    ) -> None:
        """A table that repeats its heading on each page. The columns `words` hold words, the others numbers."""
        aligned = [Align.L if place in words else Align.R for place in range(len(heads))]
        self._pen(TABLE_PT)
        self.set_line_width(0.15)
        self.set_fill_color(255)
        self.set_draw_color(200, 200, 200)
        with self.table(
            width=sum(widths),
            align=Align.L,
            col_widths=tuple(widths),
            text_align=tuple(aligned),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(color=GREY, size_pt=HEAD_PT),
            cell_fill_color=STRIPE,
            cell_fill_mode="EVEN_ROWS",
            line_height=TABLE_PT * PT_MM * LINE,
            padding=(0.6, 0.8),
        ) as table:
            for cells in (heads, *rows):
                table.row([self._fonts.readable(cell) for cell in cells])
        self.ln(1)


def _head(pages: _Pages, found: Report, zone: tzinfo) -> None:
    pages.paragraph(found.lesson.title, 18, bold=True)
    pages.paragraph(headline(found, zone), TEXT_PT, GREY)
    if found.lesson.made_up:
        pages.paragraph(_("This lesson was made up by a program. Nobody was measured."), TEXT_PT, ACCENT)
    pages.ln(2)
    pages.paragraph(found.sentence(zone), 12, bold=True)


def _over_time(pages: _Pages, found: Report, zone: tzinfo) -> None:
    pages.heading(_("Mood over time"))
    pages.chart(drawing.mood_png(found, zone), _("Mood of the class over time"))
    pages.heading(_("Expression shares over time"))
    pages.chart(drawing.shares_png(found, zone), _("Shares of the seven expressions over time"))
    said = [_("Hatched: few faces were visible.")]
    if found.left_out:
        said.append(_("Grey: left out, counts for no number."))
    if found.effects:
        said.append(_("Numbers: markers, listed below."))
    pages.paragraph(" ".join(said), SMALL_PT, GREY)


def _bars(pages: _Pages, found: Report) -> None:
    """Drawn by fpdf2 and not as a picture, so that its words are words: they can be searched and read aloud."""
    if not found.shares:
        return
    pages.heading(_("Expression shares of the whole lesson"), room_mm=20 + BAR_MM * len(LOOKS))
    scale = LONGEST_BAR_MM / max(estimate.bounds[1] for estimate in found.shares.values())
    for emotion, look in LOOKS.items():
        estimate = found.shares[emotion]
        pages.bar(look.label, look.colour, written.share(estimate), estimate.value * scale, estimate.bounds, scale)
    pages.ln(1)


def _moments(pages: _Pages, table: Table, zone: tzinfo) -> None:
    pages.heading(table.title, room_mm=36)
    if not table.rows:
        pages.paragraph(_("The mood changed little from one part of the lesson to the next."))
        return
    pages.grid(_names(table.columns), table.texts(zone), (30, 30, 30, 30), words=(0,))


def _markers(pages: _Pages, table: Table, zone: tzinfo) -> None:
    if not table.rows:
        return
    pages.heading(table.title)
    pages.grid(
        _names(table.columns), table.texts(zone), (8, 16, 16, 20, 43, 11, 14, 13, 14, 12.5, 12.5), words=(1, 2, 3, 4, 5)
    )
    pages.paragraph(
        _(
            "Before and after: the mood over up to two minutes on each side, of the students seen on both; from and "
            "to: 95 % interval of the change. A marker is no cause: something else may have happened at the same time."
        ),
        SMALL_PT,
        GREY,
    )


def _students(pages: _Pages, table: Table, zone: tzinfo) -> None:
    pages.heading(table.title, room_mm=60)
    pages.grid(_names(table.columns), table.texts(zone), (37, 14, 14, 13, *(14.5,) * 7), words=(0,))
    pages.paragraph(
        _("In the order in which they joined. There is no ranking: a face at rest is no worse than a smile."),
        SMALL_PT,
        GREY,
    )


def _how_sure(pages: _Pages, known: Sequence[Fact], zone: tzinfo) -> None:
    pages.heading(_("How sure is this?"), room_mm=110)
    rows = [(fact.name, fact.text(zone), fact.how) for fact in known]
    pages.grid((_("number"), _("value"), _("how it is made")), rows, (38, 47, 95), words=(0, 1, 2))
    pages.heading(_("What this cannot tell"), room_mm=45)
    pages.paragraph(limits())


def _names(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns]


def _all_text(found: Report, tables: Iterable[Table]) -> str:
    texts = [value for table in tables for row in table.rows for value in row if isinstance(value, str)]
    return " ".join((found.lesson.title, *texts))
