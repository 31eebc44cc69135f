//! A slice of a real community's site, where it is at hand: it builds, and what is told of it is true and can be counted.

use crate::knowledge_base::{Built, options};
use crate::pages;
use folkmoot::findings::Severity;
use folkmoot::kinds::Kind;
use folkmoot::pipeline::Pipeline;
use folkmoot::sources::{self, Earlier};
use std::path::Path;

/// It stands beside the repository, since it is not ours to publish.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/real-sample");

#[test]
fn the_real_sample_builds() {
    let sample = Path::new(SAMPLE);
    if !sample.is_dir() {
        println!("The real sample is not at {SAMPLE}, so nothing is tested with it.");
        return;
    }
    let built = Built::of(&mut Pipeline::new(), sources::read(sample, Earlier::None).unwrap(), &options());
    for ((severity, code), count) in built.counts() {
        println!("{count:5} {}[{code}]", severity.word());
    }
    assert!(built.of_severity(Severity::Error).is_empty(), "{}", built.told());
    assert_eq!(built.files.len(), built.site.listing().paths.len(), "every page was made");
    let k = built.site.knowledge();
    let entries: usize = Kind::ALL.into_iter().map(|kind| k.listed(kind).count()).sum();
    println!("{entries:5} entries, {} files", built.files.len());
    assert!(entries >= sources::read(sample, Earlier::None).unwrap().value.content.len(), "each file became an entry");
    let base = k.config.base_url.clone();
    let base_path = base.and_then(|url| Some(format!("/{}", url.splitn(4, '/').nth(3)?))).unwrap_or_else(|| "/".into());
    let broken = pages::broken(&built.files, &base_path);
    assert!(broken.is_empty(), "{broken:#?}");
}
