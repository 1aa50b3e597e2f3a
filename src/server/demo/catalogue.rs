//! What stands on the shelves: classics that have long been in the public domain.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The shelf a book stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Genre {
    Novel,
    Adventure,
    Mystery,
    ScienceFiction,
    Children,
    Philosophy,
    Poetry,
}

/// A book of the shop. Its number is its place in the catalogue, from 1.
pub struct Volume {
    pub id: u32,
    pub title: &'static str,
    pub author: &'static str,
    pub year: i16,
    pub genre: Genre,
    pub language: &'static str,
    pub pages: u16,
    pub price_cents: u32,
    pub stock: u32,
    pub rating: f32,
    pub summary: &'static str,
}

pub fn find(id: u32) -> Option<&'static Volume> {
    CATALOGUE.iter().find(|volume| volume.id == id)
}

macro_rules! catalogue {
    ($($id:literal $title:literal, $author:literal, $year:literal, $genre:ident, $language:literal,
       $pages:literal pages, $price:literal cents, $stock:literal in stock, $rating:literal stars: $summary:literal;)*) => {
        /// All titles, in order of their numbers.
        pub static CATALOGUE: &[Volume] = &[$(Volume {
            id: $id, title: $title, author: $author, year: $year, genre: Genre::$genre, language: $language,
            pages: $pages, price_cents: $price, stock: $stock, rating: $rating, summary: $summary,
        }),*];
    };
}

catalogue! {
    1 "Pride and Prejudice", "Jane Austen", 1813, Novel, "en", 432 pages, 1190 cents, 34 in stock, 4.7 stars:
        "Five sisters, one estate, and two people who are wrong about each other.";
    2 "Frankenstein", "Mary Shelley", 1818, ScienceFiction, "en", 280 pages, 990 cents, 21 in stock, 4.4 stars:
        "A student makes a man, and will not look after him.";
    3 "Moby-Dick", "Herman Melville", 1851, Adventure, "en", 720 pages, 1650 cents, 8 in stock, 4.1 stars:
        "A captain hunts a whale, and everything there is to know about whales.";
    4 "Jane Eyre", "Charlotte Brontë", 1847, Novel, "en", 532 pages, 1290 cents, 17 in stock, 4.6 stars:
        "A governess keeps her own counsel in a house that keeps a secret.";
    5 "The Adventures of Sherlock Holmes", "Arthur Conan Doyle", 1892, Mystery, "en", 307 pages, 1090 cents,
        40 in stock, 4.8 stars: "Twelve cases, one violin, and a great deal of tobacco ash.";
    6 "Around the World in Eighty Days", "Jules Verne", 1872, Adventure, "fr", 288 pages, 950 cents, 25 in stock,
        4.3 stars: "A wager, a timetable, and a detective one port behind.";
    7 "Twenty Thousand Leagues Under the Seas", "Jules Verne", 1870, ScienceFiction, "fr", 416 pages, 1250 cents,
        12 in stock, 4.2 stars: "A professor is the guest of a captain who has done with the land.";
    8 "Alice’s Adventures in Wonderland", "Lewis Carroll", 1865, Children, "en", 192 pages, 890 cents,
        52 in stock, 4.5 stars: "A girl follows a rabbit and argues with everyone she meets.";
    9 "The Time Machine", "H. G. Wells", 1895, ScienceFiction, "en", 128 pages, 790 cents, 19 in stock, 4.0 stars:
        "Dinner guests hear what becomes of us in the year 802,701.";
    10 "The War of the Worlds", "H. G. Wells", 1898, ScienceFiction, "en", 240 pages, 890 cents, 14 in stock,
        4.1 stars: "Surrey is invaded by Martians, who had not thought of everything.";
    11 "Treasure Island", "Robert Louis Stevenson", 1883, Adventure, "en", 304 pages, 940 cents, 31 in stock,
        4.4 stars: "A map, a parrot, and a cook who is more than a cook.";
    12 "Crime and Punishment", "Fyodor Dostoevsky", 1866, Novel, "ru", 576 pages, 1490 cents, 9 in stock,
        4.5 stars: "A student has a theory, an axe, and then a fever.";
    13 "The Moonstone", "Wilkie Collins", 1868, Mystery, "en", 528 pages, 1190 cents, 6 in stock, 4.0 stars:
        "A diamond disappears, and everybody tells what they know of it.";
    14 "The Count of Monte Cristo", "Alexandre Dumas", 1846, Adventure, "fr", 1276 pages, 1990 cents, 11 in stock,
        4.8 stars: "Fourteen years in prison, and then a very long plan.";
    15 "Meditations", "Marcus Aurelius", 180, Philosophy, "grc", 256 pages, 990 cents, 27 in stock, 4.6 stars:
        "An emperor reminds himself to be decent.";
    16 "Walden", "Henry David Thoreau", 1854, Philosophy, "en", 352 pages, 1090 cents, 10 in stock, 3.9 stars:
        "Two years by a pond, with accounts.";
    17 "Thus Spoke Zarathustra", "Friedrich Nietzsche", 1883, Philosophy, "de", 352 pages, 1190 cents, 0 in stock,
        3.8 stars: "A hermit comes down the mountain with something to say.";
    18 "Leaves of Grass", "Walt Whitman", 1855, Poetry, "en", 624 pages, 1350 cents, 7 in stock, 4.2 stars:
        "He contains multitudes, and lists them.";
    19 "The Flowers of Evil", "Charles Baudelaire", 1857, Poetry, "fr", 416 pages, 1290 cents, 5 in stock,
        4.3 stars: "Paris, spleen, and an albatross on deck.";
    20 "The Wind in the Willows", "Kenneth Grahame", 1908, Children, "en", 240 pages, 990 cents, 36 in stock,
        4.6 stars: "Messing about in boats, until there are motor-cars.";
    21 "Heidi", "Johanna Spyri", 1881, Children, "de", 320 pages, 920 cents, 22 in stock, 4.3 stars:
        "A girl, a grandfather, goats, and what the mountain air can do.";
    22 "The Hound of the Baskervilles", "Arthur Conan Doyle", 1902, Mystery, "en", 256 pages, 990 cents,
        28 in stock, 4.7 stars: "A curse on the moor, and the footprints of a gigantic hound.";
    23 "Anna Karenina", "Leo Tolstoy", 1878, Novel, "ru", 864 pages, 1790 cents, 13 in stock, 4.6 stars:
        "Each unhappy family, and a railway.";
    24 "Middlemarch", "George Eliot", 1871, Novel, "en", 904 pages, 1690 cents, 0 in stock, 4.5 stars:
        "A whole town, and the good that people do unnoticed.";
}
