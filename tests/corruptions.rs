//! Every corruption in every dialect and search: what is planted is what a check finds, and where.

use std::collections::BTreeMap;

use sos_envs::countdown::{Config, Operations, Range, Rule, Targets};
use sos_envs::{Countdown, Draw, Environment, Streams};
use stream_of_search::check::{LazyFacts, Request, check};
use stream_of_search::corrupt::{
    Corrupted, Corruption, CorruptionConfig, CorruptionError, CorruptError, Donor, Equal, Input, KindConfig, Mode, Scope, Variant,
    corrupt, corruptions, swap,
};
use stream_of_search::dialect::{DialectEntry, dialects};
use stream_of_search::search::{Scratch, Search, SearchConfig};
use stream_of_search::trace::{Answer, Trace};
