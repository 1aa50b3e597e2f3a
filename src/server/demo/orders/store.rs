//! The order book: the last orders of each person.

use std::collections::VecDeque;

use super::super::answer::Refusal;
use super::super::catalogue::CATALOGUE;
use super::super::people::{PEOPLE, Person};
use super::super::seed::{hours_ago, noise, now};
use super::wish::{Address, Country, OrderWish, Payment};
use super::{Order, OrderLine, OrderStatus};

/// How many orders of one person are kept; the oldest makes room.
const MAX_ORDERS: usize = 200;
/// How many orders each person has placed before the shop opens.
const SEEDED: u32 = 24;
const FIRST_NUMBER: u32 = 1001;

/// All orders, the newest first.
pub struct Orders {
    next: u32,
    entries: VecDeque<Entry>,
}

struct Entry {
    person: u32,
    key: Option<String>,
    order: Order,
}

impl Orders {
    /// An order book in which everybody has ordered before: the oldest two months ago, the newest yesterday.
    pub fn seeded() -> Self {
        let mut orders = Self { next: FIRST_NUMBER, entries: VecDeque::new() };
        for age in (1..=SEEDED).rev() {
            for person in &PEOPLE {
                orders.record(person, None, |id| past_order(id, person, age));
            }
        }
        orders
    }

    /// The orders of one person, the newest first.
    pub fn of(&self, person: &Person) -> impl Iterator<Item = &Order> {
        self.entries.iter().filter(move |entry| entry.person == person.id).map(|entry| &entry.order)
    }

    /// Enters an order, unless the same person has placed one under the same key: then that one is answered.
    pub fn place(
        &mut self,
        person: &Person,
        key: Option<String>,
        wish: OrderWish,
        lines: Vec<OrderLine>,
    ) -> Order {
        let again = |entry: &&Entry| key.is_some() && entry.person == person.id && entry.key == key;
        match self.entries.iter().find(again) {
            Some(entry) => entry.order.clone(),
            None => self.record(person, key, |id| new_order(id, wish, lines)),
        }
    }

    pub fn cancel(&mut self, person: &Person, id: u32) -> Result<Order, Refusal> {
        let mine = |entry: &&mut Entry| entry.person == person.id && entry.order.id == id;
        let order = &mut self.entries.iter_mut().find(mine).ok_or(Refusal::NotFound("order"))?.order;
        match order.status {
            OrderStatus::Placed | OrderStatus::Paid => order.status = OrderStatus::Cancelled,
            OrderStatus::Cancelled => return Err(Refusal::Conflict("This order is cancelled already")),
            OrderStatus::Shipped | OrderStatus::Delivered => {
                return Err(Refusal::Conflict("This order has left the shop"));
            }
        }
        Ok(order.clone())
    }

    fn record(&mut self, person: &Person, key: Option<String>, order: impl FnOnce(u32) -> Order) -> Order {
        let order = order(self.next);
        self.next += 1;
        self.entries.push_front(Entry { person: person.id, key, order: order.clone() });
        if self.of(person).count() > MAX_ORDERS {
            let oldest = self.entries.iter().rposition(|entry| entry.person == person.id);
            oldest.and_then(|position| self.entries.remove(position));
        }
        order
    }
}

fn new_order(id: u32, wish: OrderWish, lines: Vec<OrderLine>) -> Order {
    Order {
        id,
        status: OrderStatus::Placed,
        placed_at: now(),
        total_cents: total(&lines),
        lines,
        email: wish.email,
        ship_to: wish.ship_to,
        payment: wish.payment,
        gift_wrap: wish.gift_wrap,
        deliver_on: wish.deliver_on,
        note: wish.note,
    }
}

/// An order that was placed before the shop opened; the higher its age, the longer ago, and the further it is.
fn past_order(id: u32, person: &Person, age: u32) -> Order {
    let lines: Vec<OrderLine> =
        (0..=noise(&format!("{id} lines"), 3)).filter_map(|n| past_line(id, n)).collect();
    Order {
        id,
        status: past_status(id, age),
        placed_at: hours_ago(age * 60 - noise(&format!("{id} hours"), 36)),
        total_cents: total(&lines),
        lines,
        email: person.email.to_owned(),
        ship_to: home(person),
        payment: Payment::default(),
        gift_wrap: noise(&format!("{id} gift"), 5) == 0,
        deliver_on: None,
        note: None,
    }
}

fn past_status(id: u32, age: u32) -> OrderStatus {
    match age {
        1 => OrderStatus::Placed,
        2 => OrderStatus::Paid,
        3 | 4 => OrderStatus::Shipped,
        _ if noise(&format!("{id} status"), 9) == 0 => OrderStatus::Cancelled,
        _ => OrderStatus::Delivered,
    }
}

fn past_line(id: u32, number: u32) -> Option<OrderLine> {
    let shelf = CATALOGUE.len() / 3;
    let offset = usize::try_from(noise(&format!("{id} book {number}"), u32::try_from(shelf).ok()?)).ok()?;
    let volume = CATALOGUE.get(shelf * usize::try_from(number).ok()? + offset)?;
    let quantity = 1 + noise(&format!("{id} quantity {number}"), 3);
    Some(OrderLine { book_id: volume.id, title: volume.title, quantity, price_cents: volume.price_cents })
}

fn home(person: &Person) -> Address {
    Address {
        name: person.name.to_owned(),
        street: format!("{} Quiet Lane", 10 + person.id),
        postal_code: format!("V{} 2AB", person.id),
        city: "Bookham".to_owned(),
        country: Country::Gb,
    }
}

fn total(lines: &[OrderLine]) -> u32 {
    lines.iter().map(|line| line.quantity * line.price_cents).sum()
}
