//! The real `duly` binary against folders, policies and arguments, good and hostile.
//!
//! Every run happens in a bare environment with a fixed date (see [`support`]), and every output is held
//! to what no output may break: no panic text, no `Debug` dump, no raw control character, no line that a
//! CI system would take for a command. One file a subject; snapshots stand beside checks of their meaning.

mod baseline;
mod bounds;
mod ci_formats;
mod compare;
mod dates;
mod decisions;
mod defaults;
mod definitions;
mod diff;
mod escaping;
mod estate;
mod examples;
mod explain;
mod first_audit;
mod formats;
mod forms;
mod frauds;
mod fresh;
mod fuzz;
mod gate;
mod git;
mod grouped;
mod guides;
mod hash;
mod history;
mod hostile;
mod house;
mod html;
mod json_lines;
mod laws;
mod layers;
mod left_out;
mod masking;
mod mutation;
mod neighbours;
mod new;
mod output;
mod packaging;
mod packs;
mod planted;
mod policies;
mod printed;
mod profiles;
mod properties;
mod reading;
mod readme;
mod real_folders;
mod records;
mod removed;
mod report_html;
mod report_parts;
mod repository;
mod requests;
mod sarif;
mod shell;
mod status;
mod support;
mod terminal;
mod text_formats;
mod unused_rules;
mod whole_reports;
mod wording;
