//! Writes the texts to start from to `corpus/<target>/`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (target, texts) in composelint_fuzz::seeds::seeds(true) {
        let directory = corpus.join(target);
        std::fs::create_dir_all(&directory)?;
        for (index, text) in texts.iter().enumerate() {
            std::fs::write(directory.join(format!("seed-{index:05}")), text)?;
        }
        println!("{:5} texts for {target}", texts.len());
    }
    Ok(())
}
