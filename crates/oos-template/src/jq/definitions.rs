//! The functions of selectors that are jq themselves, in the words of jq 1.6. Each is read when a
//! program first needs it: most programs need none.

use std::sync::{LazyLock, OnceLock};

use jaq_core::load;
use jaq_core::load::parse::Def;

use super::guard;
use super::library::calls;

/// Name and number of arguments.
pub(super) type Name = (&'static str, usize);

/// Names starting with `oos__` are checks before operations whose cost does not show in their result;
/// programs cannot call them.
#[rustfmt::skip]
const TEXTS: &[(&str, usize, &str)] = &[
    ("@base64", 0, "def @base64: tostring | encode_base64;"),
    ("@base64d", 0, "def @base64d: tostring | decode_base64;"),
    ("@json", 0, "def @json: tojson;"),
    ("@text", 0, "def @text: tostring;"),
    ("IN", 1, "def IN(f): any(f == .; .);"),
    ("IN", 2, "def IN(g; f): any(g == f; .);"),
    ("INDEX", 1, "def INDEX(f): INDEX(.[]; f);"),
    ("INDEX", 2, "def INDEX(g; f): reduce g as $x ({}; . + { ($x | f | tostring): $x });"),
    ("abs", 0, "def abs: if . < 0 then - . else . end;"),
    ("add", 0, "def add: add(.[]);"),
    ("add", 1, "def add(f): reduce f as $x (null; . + $x);"),
    ("all", 0, "def all: all(.[]; .);"),
    ("all", 1, "def all(f): all(.[]; f);"),
    ("all", 2, "def all(g; f): isempty(g | f and empty);"),
    ("any", 0, "def any: any(.[]; .);"),
    ("any", 1, "def any(f): any(.[]; f);"),
    ("any", 2, "def any(g; f): isempty(g | f or empty) | not;"),
    ("arrays", 0, "def arrays: select(type == \"array\");"),
    ("booleans", 0, "def booleans: select(type == \"boolean\");"),
    ("capture", 1, "def capture(re): capture(re; \"\");"),
    ("capture", 2, "def capture(re; flags): matches(re; flags)[] | oos__named;"),
    ("contains", 1, "def contains($x): . as $a | oos__pairs($a; $x) | $a | oos__contains($x);"),
    ("del", 1, "def del(f): reduce ([path(f)] | unique | reverse | .[]) as $p (.; getpath($p) |= empty);"),
    ("error", 0, "def error: error_empty as $x | .;"),
    ("error", 1, "def error(f): (f | error_empty) as $x | .;"),
    ("first", 0, "def first: .[0];"),
    ("flatten", 0, "def flatten: [recurse(arrays[]) | select(type != \"array\")];"),
    ("flatten", 1, "def flatten($n): if $n > 0 then map(if type == \"array\" then flatten($n - 1) else [.] end) | add // [] else . end;"),
    ("from_entries", 0, "def from_entries: reduce .[] as $x ({}; . + { ($x | .key // .name // .Name // .Key | if type == \"string\" then . else error(\"object keys must be strings\") end): ($x | if has(\"value\") then .value else .Value end) });"),
    ("getpath", 1, "def getpath($p): reduce $p[] as $k (.; .[$k]);"),
    ("gsub", 2, "def gsub(re; f): sub(re; f; \"g\");"),
    ("gsub", 3, "def gsub(re; f; flags): sub(re; f; \"g\" + flags);"),
    ("in", 1, "def in(f): . as $x | f | has($x);"),
    ("index", 1, "def index($i): indices($i)[0];"),
    ("indices", 1, "def indices($x): . as $a | oos__pairs($a; $x) | $a | oos__indices($x);"),
    ("inside", 1, "def inside(f): . as $x | f | contains($x);"),
    ("isempty", 1, "def isempty(f): first((f | false), true);"),
    ("iterables", 0, "def iterables: select(type | . == \"array\" or . == \"object\");"),
    ("join", 1, "def join($s): reduce .[] as $x (null; (if . == null then \"\" else . + $s end) + ($x | if type == \"boolean\" or type == \"number\" then tojson else . // \"\" end)) // \"\";"),
    ("keys", 0, "def keys: keys_unsorted | sort;"),
    ("last", 0, "def last: .[-1];"),
    ("leaf_paths", 0, "def leaf_paths: paths(scalars);"),
    ("map", 1, "def map(f): [.[] | f];"),
    ("map_values", 1, "def map_values(f): .[] |= f;"),
    ("match", 1, "def match(re): match(re; \"\");"),
    ("match", 2, "def match(re; flags): matches(re; flags)[] | .[0] + { captures: .[1:] };"),
    ("max", 0, "def max: max_by(.);"),
    ("max_by", 1, "def max_by(f): reduce max_by_or_empty(f) as $x (null; $x);"),
    ("min", 0, "def min: min_by(.);"),
    ("min_by", 1, "def min_by(f): reduce min_by_or_empty(f) as $x (null; $x);"),
    ("nth", 1, "def nth(n): .[n];"),
    ("nth", 2, "def nth(n; f): first(skip(n; f));"),
    ("nulls", 0, "def nulls: select(. == null);"),
    ("numbers", 0, "def numbers: select(type == \"number\");"),
    ("objects", 0, "def objects: select(type == \"object\");"),
    ("oos__minus", 2, "def oos__minus($a; $b): oos__pairs($a; $b) | $a - $b;"),
    ("oos__named", 0, "def oos__named: map(select(.name) | { (.name): .string }) | add + {};"),
    ("oos__replace", 1, "def oos__replace(f): if type == \"array\" then oos__named | f else . end;"),
    ("oos__scan", 2, "def oos__scan(re; flags): matches(re; flags)[] | [.[].string] | if .[1] then .[1:] else .[0] end;"),
    ("oos__times", 2, "def oos__times($a; $b): oos__product($a; $b) | $a * $b;"),
    ("paths", 0, "def paths: skip(1; path(..));"),
    ("paths", 1, "def paths(f): skip(1; path_value(..)) | if .[1] | f then .[0] else empty end;"),
    ("range", 1, "def range(upto): range(0; upto);"),
    ("range", 2, "def range(from; upto): range(from; upto; 1);"),
    ("recurse", 0, "def recurse: recurse(.[]?);"),
    ("recurse", 1, "def recurse(f): def rec: ., (f | rec); rec;"),
    ("rindex", 1, "def rindex($i): indices($i)[-1];"),
    ("scalars", 0, "def scalars: select(type | . != \"array\" and . != \"object\");"),
    ("scan", 1, "def scan(re): oos__scan(re; \"g\");"),
    ("scan", 2, "def scan(re; flags): oos__scan(re; \"g\" + flags);"),
    ("select", 1, "def select(f): if f then . else empty end;"),
    ("split", 1, "def split($s): if type == \"string\" and ($s | type) == \"string\" then . / $s else error(\"split input and separator must be strings\") end;"),
    ("split", 2, "def split(re; flags): split_(re; flags + \"g\");"),
    ("splits", 1, "def splits(re): splits(re; \"\");"),
    ("splits", 2, "def splits(re; flags): split(re; flags)[];"),
    ("strings", 0, "def strings: select(type == \"string\");"),
    ("sub", 2, "def sub(re; f): sub(re; f; \"\");"),
    ("sub", 3, "def sub(re; f; flags): reduce split_matches(re; flags)[] as $x (\"\"; . + ($x | oos__replace(f)));"),
    ("test", 1, "def test(re): test(re; \"\");"),
    ("test", 2, "def test(re; flags): matches(re; flags) | any;"),
    ("to_entries", 0, "def to_entries: [key_values[] as [$key, $value] | { $key, $value }];"),
    ("toboolean", 0, "def toboolean: if type == \"boolean\" then . else fromjson | if type == \"boolean\" then . else error(\"cannot parse as boolean\") end end;"),
    ("tonumber", 0, "def tonumber: if type == \"number\" then . else fromjson | if type == \"number\" then . else error(\"cannot parse as number\") end end;"),
    ("tostring", 0, "def tostring: \"\\(.)\";"),
    ("transpose", 0, "def transpose: [range([.[] | length] | max) as $i | [.[][$i]]];"),
    ("unique", 0, "def unique: unique_by(.);"),
    ("unique_by", 1, "def unique_by(f): [group_by(f)[] | .[0]];"),
    ("values", 0, "def values: select(. != null);"),
    ("walk", 1, "def walk(f): .. |= f;"),
    ("with_entries", 1, "def with_entries(f): to_entries | map(f) | from_entries;"),
];

/// A definition, guarded, and what it calls.
struct Entry {
    def: Def<&'static str>,
    calls: Vec<Name>,
}

static ENTRIES: LazyLock<Vec<OnceLock<Entry>>> =
    LazyLock::new(|| TEXTS.iter().map(|_| OnceLock::new()).collect());

/// The definitions that calls need, each after those it calls itself; the names of natives they need
/// are added to the calls.
pub(super) fn needed(calls: &mut Vec<(&str, usize)>) -> Vec<Def<&'static str>> {
    let mut chosen = Chosen {
        seen: [false; TEXTS.len()],
        defs: Vec::new(),
        natives: Vec::new(),
    };
    for call in calls.iter() {
        chosen.add(*call);
    }
    calls.extend(chosen.natives);
    chosen.defs
}

struct Chosen {
    seen: [bool; TEXTS.len()],
    defs: Vec<Def<&'static str>>,
    natives: Vec<Name>,
}

impl Chosen {
    /// Recurses no deeper than the definitions are built on each other.
    fn add(&mut self, (name, arity): (&str, usize)) {
        let Ok(at) = TEXTS.binary_search_by(|(n, a, _)| (*n, *a).cmp(&(name, arity))) else {
            return;
        };
        if std::mem::replace(&mut self.seen[at], true) {
            return;
        }
        let entry = ENTRIES[at].get_or_init(|| read(TEXTS[at].2));
        for call in &entry.calls {
            self.natives.push(*call);
            self.add(*call);
        }
        self.defs.push(entry.def.clone());
    }
}

fn read(text: &'static str) -> Entry {
    let defs = load::parse(text, |parser| parser.defs());
    let def = defs.and_then(|defs| defs.into_iter().next());
    let def = def.expect("the table above holds definitions");
    let def = if CHECKS.contains(&def.name) {
        def
    } else {
        guard::definition(def)
    };
    let mut found = Vec::new();
    calls(&def.body, &mut found);
    Entry { def, calls: found }
}

/// Definitions that are what guarding puts in place of an operation.
const CHECKS: &[&str] = &["oos__minus", "oos__times"];

#[cfg(test)]
mod tests {
    use super::{TEXTS, read};

    #[test]
    fn definitions_are_what_the_table_says() {
        assert!(TEXTS.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)));
        for (name, arity, text) in TEXTS {
            let def = read(text).def;
            assert_eq!((def.name, def.args.len()), (*name, *arity), "{text}");
        }
    }
}
