//! Draws the cover of a book.

use std::fmt::Write as _;

use super::catalogue::{Genre, Volume};

/// How many letters of the title fit on one line.
const LINE: usize = 15;

/// The cover as an SVG document, 240 by 360 pixels.
pub fn draw(volume: &Volume) -> String {
    let (ground, ornament) = colours(volume.genre);
    let tilt = volume.id * 37 % 90;
    let title = title_lines(volume.title);
    let author = escape(volume.author);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 360" width="240" height="360" role="img">
<title>{full_title} by {author}</title>
<rect width="240" height="360" rx="6" fill="{ground}"/>
<g fill="none" stroke="{ornament}" stroke-width="3" transform="translate(120 228) rotate({tilt})">
<rect x="-44" y="-44" width="88" height="88"/><rect x="-30" y="-30" width="60" height="60" transform="rotate(45)"/><circle r="22"/>
</g>
<rect x="10" y="10" width="220" height="340" rx="3" fill="none" stroke="{ornament}"/>
<g fill="#fff" font-family="Georgia, serif" text-anchor="middle">
<text font-size="23" font-weight="bold">{title}</text>
<text x="120" y="332" font-size="14">{author}</text>
</g>
</svg>
"##,
        full_title = escape(volume.title),
    )
}

fn colours(genre: Genre) -> (&'static str, &'static str) {
    match genre {
        Genre::Novel => ("#6b2737", "#e8c7a1"),
        Genre::Adventure => ("#1f5a6e", "#f2c14e"),
        Genre::Mystery => ("#22223b", "#c9ada7"),
        Genre::ScienceFiction => ("#2b3a67", "#7fd1ae"),
        Genre::Children => ("#b3541e", "#ffe8b6"),
        Genre::Philosophy => ("#3d4f43", "#cbd5a4"),
        Genre::Poetry => ("#553772", "#f3b5c6"),
    }
}

fn title_lines(title: &str) -> String {
    wrap(title).iter().enumerate().fold(String::new(), |mut svg, (number, line)| {
        let y = 52 + 28 * number;
        let _ = write!(svg, r#"<tspan x="120" y="{y}">{}</tspan>"#, escape(line));
        svg
    })
}

fn wrap(title: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in title.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
