//! Posts as files in one file that any system opens (ZIP).

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

/// Puts files into one, each with its path.
pub fn pack(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        archive.start_file(path, SimpleFileOptions::default())?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// What was put in comes out.
    #[test]
    fn round_trip() {
        let files = [("posts/가.md", "text\r\n"), ("posts/b.md", "")];
        let packed = pack(files.map(|(path, text)| (path.to_owned(), text.into()))).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(packed)).unwrap();
        for (path, text) in files {
            let mut read = String::new();
            archive.by_name(path).unwrap().read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
        }
    }
}
