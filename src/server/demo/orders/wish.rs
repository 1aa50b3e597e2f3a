//! What somebody would like to order, and whether the shop can do it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::answer::{FieldErrors, Refusal};
use super::super::catalogue;
use super::super::seed::today;
use super::OrderLine;

/// An order to be placed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderWish {
    #[schema(min_items = 1, max_items = 20)]
    items: Vec<WishedItem>,
    /// Where news of the order goes.
    #[schema(format = Email, max_length = 254, example = "demo@bookshop.example")]
    pub email: String,
    pub ship_to: Address,
    /// How it is paid for; by invoice unless you say otherwise.
    #[serde(default)]
    pub payment: Payment,
    #[serde(default)]
    #[schema(default = false)]
    pub gift_wrap: bool,
    /// The day it should arrive; not in the past.
    #[schema(example = "2099-12-24")]
    pub deliver_on: Option<Date>,
    /// Anything we should know.
    #[schema(max_length = 280, example = "Please ring twice.")]
    pub note: Option<String>,
}

/// A title, and how many of it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WishedItem {
    /// Number of the book.
    #[schema(minimum = 1, example = 5)]
    book_id: u32,
    #[schema(value_type = u32, minimum = 1, maximum = 10, default = 1, example = 2)]
    quantity: i64,
}

/// Where an order goes.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    #[schema(min_length = 1, max_length = 100, example = "Demo Reader")]
    pub name: String,
    #[schema(min_length = 1, max_length = 100, example = "12 Quiet Lane")]
    pub street: String,
    #[schema(min_length = 1, max_length = 12, example = "V1 2AB")]
    pub postal_code: String,
    #[schema(min_length = 1, max_length = 100, example = "Bookham")]
    pub city: String,
    pub country: Country,
}

/// Where the shop delivers, as in ISO 3166-1.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Country {
    At,
    Ch,
    De,
    Es,
    Fr,
    Gb,
    Ie,
    It,
    Nl,
}

/// How an order is paid for.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(tag = "method", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Payment {
    Invoice {
        /// Your own number, to be printed on the invoice.
        #[schema(max_length = 40, example = "PO-2041")]
        reference: Option<String>,
    },
    Voucher {
        /// The eight letters and digits on the voucher.
        #[schema(pattern = "^[A-Z0-9]{8}$", example = "READMORE")]
        code: String,
    },
}

impl Default for Payment {
    fn default() -> Self {
        Self::Invoice { reference: None }
    }
}

impl OrderWish {
    /// The lines of the order, or everything that is wrong with the wish.
    pub fn lines(&self) -> Result<Vec<OrderLine>, Refusal> {
        let mut errors = FieldErrors::default();
        self.check(&mut errors);
        let numbered = self.items.iter().enumerate();
        let lines = numbered.filter_map(|(number, item)| item.line(number, &mut errors)).collect();
        errors.into_result().map(|()| lines)
    }

    fn check(&self, errors: &mut FieldErrors) {
        errors.check((1..=20).contains(&self.items.len()), "items", "must have between 1 and 20 entries");
        errors.check(is_email(&self.email), "email", "must be an e-mail address");
        errors.check(
            self.deliver_on.is_none_or(|day| day >= today()),
            "deliverOn",
            "must not be in the past",
        );
        errors.check(
            self.note.as_ref().is_none_or(|note| fits(note, 0, 280)),
            "note",
            "must have 280 characters at most",
        );
        self.ship_to.check(errors);
        self.payment.check(errors);
    }
}

impl WishedItem {
    fn line(&self, number: usize, errors: &mut FieldErrors) -> Option<OrderLine> {
        let volume = catalogue::find(self.book_id);
        let quantity = u32::try_from(self.quantity).ok().filter(|quantity| (1..=10).contains(quantity));
        let in_shop = volume.is_none_or(|volume| volume.stock > 0);
        errors.check(volume.is_some(), format!("items[{number}].bookId"), "must be the number of a book");
        errors.check(in_shop, format!("items[{number}].bookId"), "is out of stock");
        errors.check(quantity.is_some(), format!("items[{number}].quantity"), "must be between 1 and 10");
        let volume = volume?;
        let (book_id, price_cents) = (volume.id, volume.price_cents);
        Some(OrderLine { book_id, title: volume.title, quantity: quantity?, price_cents })
    }
}

impl Address {
    fn check(&self, errors: &mut FieldErrors) {
        let fields = [
            ("name", &self.name, 100),
            ("street", &self.street, 100),
            ("postalCode", &self.postal_code, 12),
            ("city", &self.city, 100),
        ];
        for (field, text, longest) in fields {
            let complaint = format!("must have between 1 and {longest} characters");
            errors.check(fits(text.trim(), 1, longest), format!("shipTo.{field}"), &complaint);
        }
    }
}

impl Payment {
    fn check(&self, errors: &mut FieldErrors) {
        match self {
            Self::Invoice { reference } => errors.check(
                reference.as_ref().is_none_or(|text| fits(text, 0, 40)),
                "payment.reference",
                "must have 40 characters at most",
            ),
            Self::Voucher { code } => errors.check(
                code.len() == 8 && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
                "payment.code",
                "must be the eight capital letters and digits on the voucher",
            ),
        }
    }
}

fn fits(text: &str, shortest: usize, longest: usize) -> bool {
    (shortest..=longest).contains(&text.chars().count())
}

/// Whether a text has the shape of an address; only sending to it would tell more.
fn is_email(text: &str) -> bool {
    let parts = text.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
    parts.is_some_and(|(_, host)| !host.contains('@'))
        && fits(text, 3, 254)
        && !text.contains(char::is_whitespace)
}
