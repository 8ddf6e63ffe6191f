//! Numbers and times ascend, and no number stands twice.
//!
//! Where one row sticks out of an ascending column, that row is named and not its neighbours: it is what the longest
//! ascending series leaves out. Rows that stand apart in groups are another part of the capture, and a column of which much
//! is left out does not ascend at all (sorted by another column, times since the row before).

use super::Finding;
use super::row::Row;
use crate::check::Column;
use crate::tr;

/// A row in so many may stick out of a column that ascends, or one at all; in a table of how many rows at least.
const FEW: usize = 10;
const LEAST: usize = 4;
/// As many odd rows side by side are another part of the capture.
const GROUP: usize = 3;
/// A table with fewer rows hardly shows whether its times are since the row before.
const ENOUGH: usize = 10;
/// Below a second a time may be one since the row before; so much may two interfaces be apart.
const SECOND: i64 = 1_000_000_000;
const MILLISECOND: i64 = 1_000_000;

/// A value, and the place of its row among the rows.
type Value = (usize, i64);

/// Whether the rows stand from the last to the first.
pub fn descends(rows: &[Row]) -> bool {
    let values = [numbers(rows), times(rows)].into_iter().find(|values| values.len() > 1).unwrap_or_default();
    let pairs = || values.iter().zip(values.iter().skip(1));
    let down = pairs().filter(|(a, b)| a.1 > b.1).count();
    down > pairs().filter(|(a, b)| a.1 < b.1).count()
        && odd(&values.iter().rev().copied().collect::<Vec<_>>()).is_some()
}

/// Whether what stands below came later.
pub fn holds(rows: &[Row]) -> bool {
    odd(&numbers(rows)).is_some()
}

pub fn findings(rows: &[Row]) -> Vec<Finding> {
    let (numbers, times) = (numbers(rows), times(rows));
    let mut findings = twice(rows, &numbers);
    findings.extend(sticking_out(&numbers, 0).iter().filter_map(|odd| number_finding(rows, odd)));
    let small = times.len() < ENOUGH;
    let tell = |odd: &&Odd| !small || odd.above || odd.value.1 >= SECOND;
    findings.extend(sticking_out(&times, MILLISECOND).iter().filter(tell).filter_map(|odd| time_finding(rows, odd)));
    findings
}

fn numbers(rows: &[Row]) -> Vec<Value> {
    let value = |(at, row): (usize, &Row)| Some((at, i64::try_from(row.number?).ok()?));
    rows.iter().enumerate().filter_map(value).collect()
}

/// The times, where all of them count from the same.
fn times(rows: &[Row]) -> Vec<Value> {
    let origin = rows.iter().find_map(|row| row.time).map(|time| time.origin);
    let same = |row: &Row| row.time.filter(|time| Some(time.origin) == origin);
    rows.iter().enumerate().filter_map(|(at, row)| Some((at, same(row)?.nanos))).collect()
}

/// Rows with the number of the row before.
fn twice(rows: &[Row], numbers: &[Value]) -> Vec<Finding> {
    let pairs = numbers.iter().zip(numbers.iter().skip(1)).filter(|(a, b)| a.1 == b.1);
    let pairs = pairs.filter_map(|(a, b)| Some((rows.get(a.0)?, rows.get(b.0)?)));
    pairs
        .filter(|(a, b)| !a.is_shown_again(b))
        .map(|(_, b)| b.finding(Column::Number, tr!("check-number-twice", number = b.label.as_str())))
        .collect()
}

/// A value out of order, and the nearest in order that it does not go with.
struct Odd {
    value: Value,
    neighbour: usize,
    /// Whether it is greater than what follows; less than what is before it, if not.
    above: bool,
}

/// The values that stick out of an ascending column by more than `slack`.
fn sticking_out(values: &[Value], slack: i64) -> Vec<Odd> {
    let odd = odd(values).filter(|odd| odd.len() >= LEAST).unwrap_or_default();
    let alone = |n: &usize| group(&odd, *n) < GROUP;
    let places: Vec<usize> = (0..odd.len()).filter(|n| odd.get(*n) == Some(&true)).filter(alone).collect();
    let kept = |n: &usize| odd.get(*n) == Some(&false);
    let name = |n: usize| {
        let value = *values.get(n)?;
        let before = (0..n).rev().find(kept).and_then(|n| values.get(n));
        let after = (n + 1..odd.len()).find(kept).and_then(|n| values.get(n));
        match (before, after) {
            (_, Some(after)) if value.1.saturating_sub(slack) > after.1 => {
                Some(Odd { value, neighbour: after.0, above: true })
            }
            (Some(before), _) if value.1.saturating_add(slack) < before.1 => {
                Some(Odd { value, neighbour: before.0, above: false })
            }
            _ => None,
        }
    };
    places.into_iter().filter_map(name).collect()
}

/// How many odd values stand side by side around one.
fn group(odd: &[bool], n: usize) -> usize {
    let run =
        |places: &mut dyn Iterator<Item = usize>| places.take(GROUP).take_while(|n| odd.get(*n) == Some(&true)).count();
    run(&mut (n..odd.len())) + run(&mut (0..n).rev())
}

fn number_finding(rows: &[Row], odd: &Odd) -> Option<Finding> {
    let (row, neighbour) = (rows.get(odd.value.0)?, rows.get(odd.neighbour)?);
    let (number, other) = (row.label.as_str(), neighbour.label.as_str());
    let text = if odd.above {
        tr!("check-number-before", number = number, other = other)
    } else {
        tr!("check-number-after", number = number, other = other)
    };
    Some(row.finding(Column::Number, text))
}

fn time_finding(rows: &[Row], odd: &Odd) -> Option<Finding> {
    let (row, neighbour) = (rows.get(odd.value.0)?, rows.get(odd.neighbour)?);
    let (time, other) = (row.time_text.as_str(), neighbour.time_text.as_str());
    let at = neighbour.label.as_str();
    let text = if odd.above {
        tr!("check-time-followed", time = time, other = other, row = at)
    } else {
        tr!("check-time-follows", time = time, other = other, row = at)
    };
    Some(row.finding(Column::Time, text))
}

/// Which values the longest series that never descends leaves out; nothing where these are many.
fn odd(values: &[Value]) -> Option<Vec<bool>> {
    let mut ends: Vec<usize> = Vec::new(); // of the best series of each length, the last place
    let mut before: Vec<Option<usize>> = Vec::with_capacity(values.len());
    let at = |n: usize| values.get(n).map_or(0, |value| value.1);
    for (n, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| at(*end) <= value.1);
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = n,
            None => ends.push(n),
        }
    }
    let mut odd = vec![true; values.len()];
    let mut place = ends.last().copied();
    while let Some(n) = place {
        odd.get_mut(n).into_iter().for_each(|odd| *odd = false);
        place = before.get(n).copied().flatten();
    }
    (values.len().saturating_sub(ends.len()) <= (values.len() / FEW).max(1)).then_some(odd)
}

#[cfg(test)]
mod tests {
    use crate::check::rules::tests::{lab, misfits};

    #[test]
    fn a_number_that_stands_twice_is_named() {
        let text = lab().replace("   40  ", "   39  ");
        assert_eq!(misfits(&text), [(3, "two rows are numbered 39".to_owned())]);
    }

    #[test]
    fn of_a_column_that_ascends_the_odd_row_is_named() {
        let text = lab().replace("   40  ", "   400  ");
        assert_eq!(misfits(&text), [(3, "No. 400 comes before No. 41".to_owned())]);
        let text = lab().replace("13.890001", "73.890001");
        let wanted = "Time 73.890001 is followed by an earlier one, 14.901195, in row 41";
        assert_eq!(misfits(&text), [(3, wanted.to_owned())]);
    }

    #[test]
    fn times_since_the_row_before_do_not_ascend() {
        let times = ["0.000000", "0.001571", "1.009863", "0.000180", "1.011194", "0.000691", "1.001276", "0.000767"];
        let lab = lab();
        let rows = lab.lines().zip(times).map(|(line, time)| format!("{}{time}{}\n", &line[..7], &line[16..]));
        let rows: Vec<String> = rows.collect();
        for n in 1..=rows.len() {
            assert_eq!(misfits(&rows[..n].concat()), []);
        }
    }
}
