//! The real `duly` binary against folders, policies and arguments, good and hostile.

mod examples;
mod fresh;
mod layers;
mod properties;
mod repository;
