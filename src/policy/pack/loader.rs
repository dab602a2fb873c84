//! What goes along while packs are loaded: mistakes, which overrides were used, and what the expressions of a file
//! may use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::expr::{self, Definition, Expression, IndexPlan, Literal, Type, Variables};
use super::super::file::DefinitionFile;
use super::super::set::{Override, Tailoring};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::records::Catalog;
use crate::text::{Day, escape};
use crate::tree::Located;

/// What goes along while packs are loaded.
pub(super) struct Loader<'o> {
    pub errors: Vec<Diagnostic>,
    pub tailoring: &'o Tailoring,
    /// Overrides of parameters that there are: measure and parameter.
    pub used: BTreeSet<(String, String)>,
}

impl Loader<'_> {
    pub(super) fn error(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(Diagnostic::new(Code::Policy, place, message, help));
    }

    /// An error in the configuration's value of a parameter.
    pub(super) fn misconfigured(&mut self, over: &Override, message: String, help: impl Into<String>) {
        self.errors.push(Diagnostic::new(Code::Configuration, over.place.clone(), message, help));
    }

    /// Refuses a second measure or check of the same id.
    pub(super) fn only_one<'i>(
        &mut self,
        seen: &mut BTreeSet<&'i str>,
        what: &str,
        id: &'i str,
        place: &Place,
    ) {
        if !seen.insert(id) {
            let message = format!("the {what} `{}` is defined twice", escape(id));
            self.error(place.clone(), message, "rename one of the two");
        }
    }
}

/// Compiles what one file of a pack says.
pub(super) struct FileLoader<'l, 'o> {
    pub loader: &'l mut Loader<'o>,
    pub located: Located<'l>,
    pub catalog: &'l Catalog,
    pub plan: &'l mut IndexPlan,
    /// Values of the parameters of a measure.
    pub parameters: BTreeMap<String, Literal>,
    /// Those of the pack, then those of the measure; none where one has a mistake.
    pub definitions: Option<Vec<Arc<Definition>>>,
    /// Names of the definitions that expressions use.
    pub used: BTreeSet<String>,
    /// Id of the measure whose checks are compiled.
    pub measure: String,
    pub cadence_days: u32,
    /// The day of the document that it comes from.
    pub document: Option<Day>,
}

impl FileLoader<'_, '_> {
    /// A mistake in the part of the file at a path.
    pub(super) fn error(&mut self, path: &[&str], message: impl Into<String>, help: impl Into<String>) {
        self.loader.error(self.located.place(path), message, help);
    }

    /// What was made of a text of the file; none after a mistake, which has its place inside the text.
    pub(super) fn accept<T>(
        &mut self,
        path: &[&str],
        source: &str,
        made: Result<T, expr::Error>,
    ) -> Option<T> {
        let mut error = match made {
            Ok(made) => return Some(made),
            Err(error) => error,
        };
        let part = source.get(error.place.clone()).unwrap_or("").trim();
        if !(part.is_empty() || part.len() > 80 || error.message.contains(part)) {
            error.message = format!("{}, in `{}`", error.message, escape(&part.replace('\n', " ")));
        }
        let placed = error.map_places(|span| self.located.place_inside(path, source, span.start));
        self.loader.errors.push(placed);
        None
    }

    /// Compiles an expression over a subject; none after a mistake.
    pub(super) fn expression(
        &mut self,
        path: &[&str],
        source: &str,
        subject: Option<&(String, Type)>,
        wanted: Option<&Type>,
    ) -> Option<Expression> {
        let variables = Variables {
            catalog: self.catalog,
            subject: subject.cloned(),
            parameters: &self.parameters,
            definitions: self.definitions.as_ref()?,
        };
        let compiled = expr::compile(source, &variables, self.plan, wanted);
        let expression = self.accept(path, source, compiled)?;
        self.used.extend(expression.definitions().iter().map(|used| used.name.clone()));
        Some(expression)
    }

    /// Adds the definitions of the file to those that are there; leaves none after a mistake, which would be repeated
    /// wherever the name is used.
    pub(super) fn define(&mut self, files: &[DefinitionFile]) {
        for (i, file) in files.iter().enumerate() {
            self.definitions = self.definition(&i.to_string(), file, &files[i..]);
        }
    }

    /// The definitions with one more; `below` are this one and those behind it.
    fn definition(
        &mut self,
        index: &str,
        file: &DefinitionFile,
        below: &[DefinitionFile],
    ) -> Option<Vec<Arc<Definition>>> {
        let mut known = self.definitions.take()?;
        if let Some(why) = expr::refused_name(&file.name, self.catalog, &known) {
            self.error(&["define", index, "name"], escape(&why), "give it another name");
            return None;
        }
        let arguments = match &file.arguments {
            Some(source) => {
                let arguments = expr::arguments(source, self.catalog);
                self.accept(&["define", index, "for"], source, arguments)?
            }
            None => Vec::new(),
        };
        let variables = Variables {
            catalog: self.catalog,
            subject: None,
            parameters: &self.parameters,
            definitions: &known,
        };
        let mut made = expr::define(&file.name, arguments, &file.means, &variables, self.plan);
        if let Err(error) = &mut made
            && below.iter().any(|d| error.message == format!("there is no function `{}`", d.name))
        {
            error.help = "a definition can use only those above it".to_owned();
        }
        known.push(Arc::new(self.accept(&["define", index, "means"], &file.means, made)?));
        Some(known)
    }

    /// Refuses definitions that no expression uses, unless there are other mistakes, which may be the reason.
    pub(super) fn unused_definitions(&mut self, define: &[DefinitionFile]) {
        if !self.loader.errors.is_empty() {
            return;
        }
        for (i, file) in define.iter().enumerate() {
            if self.used.contains(&file.name) {
                continue;
            }
            let message = format!("no expression uses `{}`", escape(&file.name));
            self.error(&["define", &i.to_string(), "name"], message, "use it, or leave it out");
        }
    }
}
