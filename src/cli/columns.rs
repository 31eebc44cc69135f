//! Tables at a terminal: lines whose cells stand below each other.

/// The side of its column that a cell stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    /// For numbers.
    Right,
}

/// What stands between two columns.
const GAP: &str = "  ";

/// Rows of one cell for each side; no line ends in spaces.
pub fn lines(sides: &[Side], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> =
        (0..sides.len()).map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(sides.iter().zip(&widths)).map(|(cell, (side, width))| match side {
            Side::Left => format!("{cell:<width$}"),
            Side::Right => format!("{cell:>width$}"),
        });
        text.push_str(cells.collect::<Vec<_>>().join(GAP).trim_end());
        text.push('\n');
    }
    text
}
