//! Exact numbers: measures are fractions until they are printed, so that whoever reckons them again gets the same digits.

use num_rational::{BigRational, Ratio};

/// A fraction of whole numbers.
pub type Exact = Ratio<i128>;

/// A whole number as a fraction.
pub fn whole(number: i64) -> Exact {
    Exact::from_integer(i128::from(number))
}

/// A part of a whole; 0 where there is no whole.
pub fn share(part: i64, of: i64) -> Exact {
    if of == 0 { whole(0) } else { Exact::new(i128::from(part), i128::from(of)) }
}

/// A fraction in thousandths, halves up: `2/3` is 667.
pub fn thousandths(number: Exact) -> i64 {
    rounded(number * whole(1000))
}

/// The nearest whole number, halves up.
pub fn rounded(number: Exact) -> i64 {
    (number + Exact::new(1, 2)).floor().to_integer() as i64
}

/// A number from 0 on with three decimals, given in thousandths: `0.667`, `1.000`.
pub fn decimals(thousandths: i64) -> String {
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// The mean of fractions `part/of`, in thousandths, halves up; none of none. Their common denominator can be of any
/// length, so it is reckoned with numbers of any length.
pub fn mean(mut shares: Vec<(i64, i64)>) -> Option<i64> {
    let count = shares.len();
    if count == 0 {
        return None;
    }
    // Equal denominators are added up as plain numbers first: there are few of them.
    shares.sort_unstable_by_key(|(_, of)| *of);
    let sums = shares.chunk_by(|a, b| a.1 == b.1).map(|same| (same.iter().map(|(part, _)| part).sum::<i64>(), same[0].1));
    let sum: BigRational = sums.map(|(part, of)| BigRational::new(part.into(), of.into())).sum();
    let thousandths = sum * BigRational::from_integer(1000.into()) / BigRational::from_integer((count as i64).into());
    let rounded = (thousandths + BigRational::new(1.into(), 2.into())).floor().to_integer();
    // Between 0 and 1000, since each share is between 0 and 1.
    rounded.to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up() {
        assert_eq!(thousandths(Exact::new(2, 3)), 667);
        assert_eq!(thousandths(Exact::new(1, 2000)), 1);
        assert_eq!(rounded(Exact::new(5, 2)), 3);
        assert_eq!(decimals(thousandths(Exact::new(1, 16))), "0.063");
        assert_eq!(decimals(1000), "1.000");
    }

    #[test]
    fn a_mean_of_many_denominators_is_exact() {
        // 1/2 and 0.001/1: the mean is 0.2505, a half in the fourth place.
        assert_eq!(mean(vec![(1, 2), (1, 1000)]), Some(251));
        let primes = (2..200).filter(|n| (2..*n).all(|d| n % d != 0));
        assert!(mean(primes.map(|prime| (1, prime)).collect()).is_some());
        assert_eq!(mean(Vec::new()), None);
    }
}
