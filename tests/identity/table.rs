//! The table against `git var`.

use crate::judge::{Outcome, judge, none_wrong};
use crate::place::{Place, Row};
use crate::rows::{Dice, quoted, row};
use crate::values::{DATES, LOOSE_DATES, MAILS, NAMES};
use crate::version::version;

/// How many rows there are, and on how many threads.
const ROWS: usize = 1200;
const THREADS: usize = 3;

#[test]
fn a_generated_table_against_git_var() {
    let mut dice = Dice(0x5eed_1f08_abcd_0001);
    let rows: Vec<Row> = (0..ROWS).map(|_| row(&mut dice)).collect();
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let threads: Vec<_> = (rows.chunks(ROWS.div_ceil(THREADS)))
            .map(|part| {
                scope.spawn(move || {
                    let (place, version) = (Place::new(), version());
                    (part.iter())
                        .map(|row| judge(&place, row, &version))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        (threads.into_iter())
            .flat_map(|thread| thread.join().expect("a thread"))
            .collect()
    });
    none_wrong(&outcomes);
    let count = |wanted| outcomes.iter().filter(|found| **found == wanted).count();
    let counts = [
        count(Outcome::Equal),
        count(Outcome::BothRefuse),
        count(Outcome::OnlyWeRefuse),
    ];
    assert!(
        counts[0] >= 600 && counts[1] >= 100,
        "equal, refused by both, refused by us: {counts:?}"
    );
}

/// Every name, mail and date by itself, so that none is left out by chance.
#[test]
fn every_name_mail_and_date_against_git_var() {
    let (place, version) = (Place::new(), version());
    let mut rows = Vec::new();
    for (list, part) in [(NAMES, "name"), (MAILS, "email")] {
        for value in list {
            let mut row = Row {
                global: b"[user]\n\tname = Base\n\temail = base@example.org\n".to_vec(),
                ..Row::default()
            };
            let text = format!("[user]\n\t{part} = ");
            row.local = [text.as_bytes(), &quoted(value.as_bytes()), b"\n"].concat();
            rows.push(row);
        }
    }
    for date in DATES
        .iter()
        .chain(LOOSE_DATES)
        .filter(|date| !date.is_empty())
    {
        let mut row = Row {
            global: b"[user]\n\tname = Base\n\temail = base@example.org\n".to_vec(),
            ..Row::default()
        };
        row.variables
            .insert("GIT_AUTHOR_DATE".to_owned(), date.as_bytes().to_vec());
        rows.push(row);
    }
    for row in &mut rows {
        for variable in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
            (row.variables.entry(variable.to_owned()))
                .or_insert_with(|| b"@1782000000 +0200".to_vec());
        }
    }
    let outcomes: Vec<Outcome> = (rows.iter())
        .map(|row| judge(&place, row, &version))
        .collect();
    none_wrong(&outcomes);
}
