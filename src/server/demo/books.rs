//! The books of the shop.

use std::cmp::Ordering;
use std::sync::Arc;

use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shop;
use super::answer::{Envelope, Failure, Paged, Refusal};
use super::catalogue::{self, CATALOGUE, Genre, Volume};
use super::cover;
use super::extract::{Path, Query};

/// The part that needs no bearer: covers stand in `<img>`, which cannot send one.
pub fn public_routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new().routes(routes!(book_cover))
}

pub fn routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(book))
}

/// A book, as it stands in a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Book {
    #[schema(minimum = 1, example = 5)]
    id: u32,
    #[schema(value_type = String, example = "The Adventures of Sherlock Holmes")]
    title: &'static str,
    #[schema(value_type = String, example = "Arthur Conan Doyle")]
    author: &'static str,
    /// The year in which it first came out.
    #[schema(example = 1892)]
    year: i16,
    genre: Genre,
    /// Price in euro cents.
    #[schema(minimum = 0, example = 1090)]
    price_cents: u32,
    /// How many are in the shop.
    #[schema(minimum = 0, example = 40)]
    stock: u32,
    /// What readers give it, in stars.
    #[schema(minimum = 1, maximum = 5, example = 4.8)]
    rating: f32,
    /// Where its cover is, from the root of the API.
    #[schema(format = "uri-reference", example = "/books/5/cover")]
    cover_url: String,
}

impl From<&Volume> for Book {
    fn from(volume: &Volume) -> Self {
        Self {
            id: volume.id,
            title: volume.title,
            author: volume.author,
            year: volume.year,
            genre: volume.genre,
            price_cents: volume.price_cents,
            stock: volume.stock,
            rating: volume.rating,
            cover_url: format!("/books/{}/cover", volume.id),
        }
    }
}

/// A book with all that the shop knows of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BookDetail {
    #[serde(flatten)]
    book: Book,
    #[schema(minimum = 1, example = 307)]
    pages: u16,
    /// The language it was written in, as in ISO 639.
    #[schema(value_type = String, pattern = "^[a-z]{2,3}$", example = "en")]
    language: &'static str,
    #[schema(value_type = String)]
    summary: &'static str,
    /// Others from the same shelf.
    #[schema(max_items = 3)]
    related: Vec<Book>,
}

impl From<&Volume> for BookDetail {
    fn from(volume: &Volume) -> Self {
        let same_shelf = |other: &&Volume| other.genre == volume.genre && other.id != volume.id;
        let (pages, language, summary) = (volume.pages, volume.language, volume.summary);
        let related = CATALOGUE.iter().filter(same_shelf).take(3).map(Book::from).collect();
        Self { book: volume.into(), pages, language, summary, related }
    }
}

/// The order of a list of books.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[schema(default = "title")]
enum BookSort {
    #[default]
    #[serde(rename = "title")]
    Title,
    #[serde(rename = "author")]
    Author,
    #[serde(rename = "year")]
    Oldest,
    #[serde(rename = "-year")]
    Newest,
    #[serde(rename = "price")]
    Cheapest,
    #[serde(rename = "-price")]
    Dearest,
    #[serde(rename = "-rating")]
    Best,
}

impl BookSort {
    fn compare(self, a: &Volume, b: &Volume) -> Ordering {
        match self {
            Self::Title => a.title.cmp(b.title),
            Self::Author => a.author.cmp(b.author),
            Self::Oldest => a.year.cmp(&b.year),
            Self::Newest => b.year.cmp(&a.year),
            Self::Cheapest => a.price_cents.cmp(&b.price_cents),
            Self::Dearest => b.price_cents.cmp(&a.price_cents),
            Self::Best => b.rating.total_cmp(&a.rating),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct BookFilter {
    /// Words to look for in title and author.
    #[param(max_length = 100, example = "sea")]
    q: Option<String>,
    /// Only books from this shelf.
    #[param(inline)]
    genre: Option<Genre>,
    /// Only books that can be had at once.
    #[serde(default)]
    #[param(default = false)]
    in_stock: bool,
    /// How to sort them; `-` turns the order round.
    #[serde(default)]
    #[param(inline, required = false)]
    sort: BookSort,
    /// Which page, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<usize>,
    /// How many books to a page.
    #[param(minimum = 1, maximum = 100, default = 10)]
    page_size: Option<usize>,
}

impl BookFilter {
    fn admits(&self, volume: &Volume) -> bool {
        let text = format!("{} {}", volume.title, volume.author).to_lowercase();
        let words = self.q.as_deref().unwrap_or_default().to_lowercase();
        words.split_whitespace().all(|word| text.contains(word))
            && self.genre.is_none_or(|genre| genre == volume.genre)
            && (!self.in_stock || volume.stock > 0)
    }
}

/// List books
#[utoipa::path(
    get, path = "/books", operation_id = "listBooks", tag = "Books", params(BookFilter),
    responses(
        (status = 200, description = "One page of books", body = Envelope<Paged<Book>>),
        (status = 400, description = "A parameter cannot be read", body = Failure),
        (status = 422, description = "A parameter is out of range", body = Failure),
    )
)]
async fn list(Query(filter): Query<BookFilter>) -> Result<Envelope<Paged<Book>>, Refusal> {
    let mut found: Vec<&Volume> = CATALOGUE.iter().filter(|volume| filter.admits(volume)).collect();
    found.sort_by(|a, b| filter.sort.compare(a, b));
    let books = found.into_iter().map(Book::from).collect();
    Paged::cut(books, filter.page, filter.page_size).map(Envelope::ok)
}

/// Show one book
#[utoipa::path(
    get, path = "/books/{id}", operation_id = "getBook", tag = "Books",
    params(("id" = u32, Path, description = "Number of the book", minimum = 1, example = 5)),
    responses(
        (status = 200, description = "The book", body = Envelope<BookDetail>),
        (status = 404, description = "There is no such book", body = Failure),
    )
)]
async fn book(Path(id): Path<u32>) -> Result<Envelope<BookDetail>, Refusal> {
    let volume = catalogue::find(id).ok_or(Refusal::NotFound("book"))?;
    Ok(Envelope::ok(volume.into()))
}

/// Show the cover of a book
///
/// A picture, 240 by 360 pixels. It needs no token, so that it can stand in a page.
#[utoipa::path(
    get, path = "/books/{id}/cover", operation_id = "getBookCover", tag = "Books", security(()),
    params(("id" = u32, Path, description = "Number of the book", minimum = 1, example = 5)),
    responses(
        (status = 200, description = "The cover", body = String, content_type = "image/svg+xml"),
        (status = 404, description = "There is no such book", body = Failure),
    )
)]
async fn book_cover(Path(id): Path<u32>) -> Result<impl IntoResponse, Refusal> {
    let volume = catalogue::find(id).ok_or(Refusal::NotFound("book"))?;
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    Ok((headers, cover::draw(volume)))
}
