//! Lines on pages: breaking, columns, page ends.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};

/// BIZ UDPGothic, SIL Open Font License 1.1; see the licence beside it.
const FONT: &[u8] = include_bytes!("../../../fonts/BIZUDPGothic-Regular.ttf");

/// A4 in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
/// Left and right edge of the text.
const MARGIN: f32 = 48.0;
/// Where the columns of a row begin: place, label, value.
const COLUMNS: [f32; 3] = [MARGIN, 118.0, 250.0];
/// Lowest line of a page; the footer is below it.
const LAST: f32 = HEIGHT - 60.0;
/// Size of the text of rows.
const SIZE: f32 = 9.0;
/// Shown for a character the font does not have.
const GETA: char = '〓';

/// A colour.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Ink {
    Black,
    Grey,
    Red,
}

impl Ink {
    fn fill(self) -> Fill {
        let colour = match self {
            Self::Black => rgb::Color::new(0, 0, 0),
            Self::Grey => rgb::Color::new(100, 100, 100),
            Self::Red => rgb::Color::new(176, 0, 32),
        };
        Fill { paint: colour.into(), opacity: NormalizedF32::ONE, ..Fill::default() }
    }
}

enum Mark {
    Text { x: f32, y: f32, size: f32, ink: Ink, text: String },
    Rule { y: f32 },
}

/// Pages that fill up from the top.
pub(super) struct Pages {
    font: Font,
    face: skrifa::FontRef<'static>,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

impl Pages {
    /// One empty page; `None` if the built-in font cannot be read.
    pub(super) fn new() -> Option<Self> {
        let font = Font::new(FONT.into(), 0)?;
        let face = skrifa::FontRef::new(FONT).ok()?;
        Some(Self { font, face, pages: vec![Vec::new()], y: MARGIN })
    }

    pub(super) fn space(&mut self, height: f32) {
        self.y += height;
    }

    /// A text over the whole width.
    pub(super) fn text(&mut self, text: &str, size: f32, ink: Ink) {
        for line in self.lines(text, size, WIDTH - 2.0 * MARGIN) {
            self.room(size * 1.5);
            self.y += size * 1.5;
            self.put(MARGIN, self.y, size, ink, line);
        }
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.room(40.0);
        self.space(10.0);
        self.text(text, 11.5, Ink::Black);
        self.space(4.0);
    }

    /// A row: place in the form, label, value, and small below it where the value came from.
    pub(super) fn row(&mut self, place: &str, label: &str, value: &str, from: Option<&str>) {
        let [a, b, c] = COLUMNS;
        let first = if place.is_empty() { a } else { b };
        let mut left = self.lines(place, SIZE, b - a - 8.0);
        let mut middle = self.lines(label, SIZE, c - first - 8.0);
        let mut right: Vec<(String, f32, Ink)> = Vec::new();
        let width = WIDTH - MARGIN - c;
        right.extend(self.lines(value, SIZE, width).into_iter().map(|l| (l, SIZE, Ink::Black)));
        let small = SIZE - 2.0;
        let from = from.map(|f| self.lines(f, small, width)).unwrap_or_default();
        right.extend(from.into_iter().map(|l| (l, small, Ink::Grey)));
        let rows = left.len().max(middle.len()).max(right.len());
        left.resize(rows, String::new());
        middle.resize(rows, String::new());
        right.resize(rows, (String::new(), SIZE, Ink::Black));
        // A short row stays on one page.
        if rows <= 8 {
            self.room(SIZE * 1.5 * rows as f32 + 6.0);
        }
        self.space(3.0);
        for ((place, label), (value, size, ink)) in left.into_iter().zip(middle).zip(right) {
            self.room(SIZE * 1.5);
            self.y += SIZE * 1.5;
            self.put(a, self.y, SIZE, Ink::Grey, place);
            self.put(first, self.y, SIZE, Ink::Grey, label);
            self.put(c, self.y, size, ink, value);
        }
        self.space(4.0);
        let y = self.y;
        self.mark(Mark::Rule { y });
    }

    /// Begins a page if so much does not fit any more.
    fn room(&mut self, height: f32) {
        if self.y + height > LAST {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
    }

    fn put(&mut self, x: f32, y: f32, size: f32, ink: Ink, text: String) {
        if !text.is_empty() {
            self.mark(Mark::Text { x, y, size, ink, text });
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Breaks a text: between words, and between any two characters of Japanese, but not before
    /// a closing mark.
    fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let (mut line, mut used) = (String::new(), 0.0);
            // Where the line can be broken, and how wide it is up to there.
            let mut point: Option<(usize, f32)> = None;
            let mut before: Option<char> = None;
            for c in paragraph.chars().map(|c| if c.is_control() { ' ' } else { c }) {
                let wide = self.advance(c) * size;
                if before.is_some_and(|b| may_break(b, c)) {
                    point = Some((line.len(), used));
                }
                if used + wide > width && !line.is_empty() {
                    let (at, up_to) = point.take().unwrap_or((line.len(), used));
                    let rest = line.split_off(at);
                    lines.push(std::mem::replace(&mut line, rest).trim_end().to_owned());
                    used -= up_to;
                }
                line.push(c);
                used += wide;
                before = Some(c);
            }
            lines.push(line.trim_end().to_owned());
        }
        lines
    }

    /// The glyph of a character, its width in em, and whether it is there.
    fn glyph(&self, c: char) -> Option<(u32, f32)> {
        let id = self.face.charmap().map(c).filter(|g| g.to_u32() != 0)?;
        let metrics = self.face.glyph_metrics(Size::new(1.0), LocationRef::default());
        Some((id.to_u32(), metrics.advance_width(id).unwrap_or(1.0)))
    }

    fn advance(&self, c: char) -> f32 {
        self.glyph(c).or_else(|| self.glyph(GETA)).map_or(1.0, |(_, advance)| advance)
    }

    /// Draws every page, with a footer.
    pub(super) fn draw(&self, document: &mut Document, footer: &str) {
        let count = self.pages.len();
        for (number, marks) in self.pages.iter().enumerate() {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).unwrap_or_default();
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                match mark {
                    Mark::Text { x, y, size, ink, text } => {
                        self.draw_text(&mut surface, (*x, *y), *size, *ink, text);
                    }
                    Mark::Rule { y } => draw_rule(&mut surface, *y),
                }
            }
            let line = format!("{footer}    {} / {count}", number + 1);
            self.draw_text(&mut surface, (MARGIN, HEIGHT - 36.0), 8.0, Ink::Grey, &line);
            surface.finish();
            page.finish();
        }
    }

    fn draw_text(&self, on: &mut Surface<'_>, at: (f32, f32), size: f32, ink: Ink, text: &str) {
        let known = |c: char| if self.glyph(c).is_some() { c } else { GETA };
        let text: String = text.chars().map(known).collect();
        let mut glyphs = Vec::new();
        for (start, c) in text.char_indices() {
            let (id, advance) = self.glyph(c).unwrap_or((0, 1.0));
            let range = start..start + c.len_utf8();
            glyphs.push(KrillaGlyph::new(GlyphId::new(id), advance, 0.0, 0.0, 0.0, range, None));
        }
        on.set_fill(Some(ink.fill()));
        on.draw_glyphs(Point::from_xy(at.0, at.1), &glyphs, self.font.clone(), &text, size, false);
    }
}

fn draw_rule(on: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(MARGIN, y, WIDTH - 2.0 * MARGIN, 0.25) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        on.set_fill(Some(Ink::Grey.fill()));
        on.draw_path(&path);
    }
}

/// Whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    let closing = "、。,.)）」』】〕〉》・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ:;：；!?！？%％";
    let opening = "(（「『【〔〈《";
    if closing.contains(after) || opening.contains(before) || after == ' ' {
        return false;
    }
    let wide = |c: char| c >= '\u{2e80}';
    before == ' ' || wide(before) || wide(after)
}
