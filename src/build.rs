//! Embedding is by macro, which cannot see a new file: a new service must rebuild the program.

fn main() {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=fixtures");
}
