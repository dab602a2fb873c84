//! The definitions of a pack or a measure, in the order they are written.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::expr::{self, Argument, Definition, IndexPlan, Literal, Variables};
use super::super::file::DefinitionFile;
use super::loader::Loader;
use crate::records::Catalog;
use crate::text::escape;
use crate::tree::Located;

/// What definitions are compiled with.
pub(super) struct Definer<'l, 'o, 'c> {
    pub loader: &'l mut Loader<'o>,
    pub located: &'c Located<'c>,
    pub catalog: &'c Catalog,
    pub plan: &'l mut IndexPlan,
    pub parameters: &'c BTreeMap<String, Literal>,
}

impl Definer<'_, '_, '_> {
    /// The definitions of a file behind those that are there before; none after a mistake, which would be repeated
    /// wherever the name is used.
    pub fn all(
        &mut self,
        files: &[DefinitionFile],
        before: &[Arc<Definition>],
    ) -> Option<Vec<Arc<Definition>>> {
        let mut known = before.to_vec();
        for (i, file) in files.iter().enumerate() {
            let index = i.to_string();
            if let Some(why) = expr::refused_name(&file.name, self.catalog, &known) {
                let place = self.located.place(&["define", &index, "name"]);
                self.loader.error(place, escape(&why), "give it another name");
                return None;
            }
            let arguments = self.arguments(&index, file)?;
            let variables = Variables {
                catalog: self.catalog,
                subject: None,
                parameters: self.parameters,
                definitions: &known,
            };
            match expr::define(&file.name, arguments, &file.means, &variables, self.plan) {
                Ok(definition) => known.push(Arc::new(definition)),
                Err(mut error) => {
                    let is_below = |other: &DefinitionFile| {
                        error.message == format!("there is no function `{}`", other.name)
                    };
                    if files[i..].iter().any(is_below) {
                        error.help = "a definition uses those above it".to_owned();
                    }
                    self.loader.refuse(self.located, &["define", &index, "means"], &file.means, error);
                    return None;
                }
            }
        }
        Some(known)
    }

    fn arguments(&mut self, index: &str, file: &DefinitionFile) -> Option<Vec<Argument>> {
        let Some(source) = &file.arguments else { return Some(Vec::new()) };
        match expr::arguments(source, self.catalog) {
            Ok(arguments) => Some(arguments),
            Err(error) => {
                self.loader.refuse(self.located, &["define", index, "for"], source, error);
                None
            }
        }
    }
}
