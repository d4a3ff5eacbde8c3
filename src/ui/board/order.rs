//! In which order tabs stand. Must be the same for the same rows: no list jumps about by itself.

use std::cmp::{Ordering, Reverse};

use crate::model::row::Row;
use crate::model::status::State;

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// What needs a person, then by name.
    Needs,
    /// What needs a person, then what changed last.
    Recent,
    /// By state, then by name.
    State,
    /// By name.
    Name,
    /// By agent, then by name.
    Agent,
    /// Where it stands in the multiplexer.
    Place,
}

impl Order {
    /// The next one, round and round.
    #[must_use]
    pub fn next(self) -> Order {
        match self {
            Order::Needs => Order::Recent,
            Order::Recent => Order::State,
            Order::State => Order::Name,
            Order::Name => Order::Agent,
            Order::Agent => Order::Place,
            Order::Place => Order::Needs,
        }
    }

    /// In a few words.
    pub fn word(self) -> &'static str {
        match self {
            Order::Needs => "who needs you",
            Order::Recent => "latest change",
            Order::State => "state",
            Order::Name => "name",
            Order::Agent => "agent",
            Order::Place => "place",
        }
    }

    /// Which of two comes first.
    pub fn compare(self, one: &Row, other: &Row) -> Ordering {
        let state = |row: &Row| row.status.claim.state;
        let needs = |row: &Row| state(row) != State::Attention;
        let of = |row: &Row| row.place.as_ref().map(|place| (place.session.clone(), place.index));
        let by = match self {
            Order::Needs => needs(one).cmp(&needs(other)),
            Order::Recent => {
                (needs(one), Reverse(one.since)).cmp(&(needs(other), Reverse(other.since)))
            }
            Order::State => state(one).cmp(&state(other)),
            Order::Name => Ordering::Equal,
            Order::Agent => {
                (one.agent.is_none(), &one.agent).cmp(&(other.agent.is_none(), &other.agent))
            }
            Order::Place => (one.pane.is_none(), of(one)).cmp(&(other.pane.is_none(), of(other))),
        };
        by.then_with(|| (&one.tab, one.id).cmp(&(&other.tab, other.id)))
    }
}
