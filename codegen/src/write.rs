//! Writes the generated files.

use std::path::Path;
use std::{fs, io};

use crate::Output;

impl Output {
    /// Writes [`files`](Self::files) into a folder, which is emptied first: a file of an earlier
    /// run does not stay.
    ///
    /// # Errors
    ///
    /// Returns the first error of the file system.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        for (path, text) in &self.files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        Ok(())
    }
}
