//! temp
#[test]
fn builtins_parse() {
    let r = super::Registry::load(std::path::Path::new("/nonexistent"));
    assert_eq!(r.problems(), &[]);
}
