//! Shapes of values as schemas. A keyword of JSON Schema counts for values of its own type only, so one
//! schema can say at once what a text, a list and a map have to be like.

use crate::actions::Shape;
use crate::value::{Map, Value};

pub(super) fn text(text: &str) -> Value {
    Value::from(text)
}

pub(super) fn texts<'a>(all: impl IntoIterator<Item = &'a str>) -> Value {
    Value::List(all.into_iter().map(Value::from).collect())
}

pub(super) fn object<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let entries = entries.into_iter();
    Value::Map(
        entries
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<Map>(),
    )
}

pub(super) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    object(entries)
}

/// Everything fits.
pub(super) fn any() -> Value {
    Value::Map(Map::new())
}

/// A text, number or boolean, or a function that gives one.
pub(super) fn scalar() -> Value {
    of(&[Shape::Text])
}

/// What a `When` may be.
pub(super) fn condition() -> Value {
    of(&[Shape::Boolean, Shape::Text])
}

pub(super) fn mapping() -> Value {
    of(&[Shape::Map])
}

/// A list that fits more, or an expression that gives one.
pub(super) fn list(more: Value) -> Value {
    let mut list = of(&[Shape::List]);
    if let (Value::Map(list), Value::Map(more)) = (&mut list, more) {
        list.extend(more);
    }
    list
}

/// A value of one of these shapes, or an expression that may give one.
pub(super) fn of(shapes: &[Shape]) -> Value {
    if shapes.is_empty() {
        return any();
    }
    let has = |shape| shapes.contains(&shape);
    let mut types = vec!["string", "object", "null"];
    if has(Shape::Text) || has(Shape::Number) {
        types.push("number");
    }
    if has(Shape::Text) || has(Shape::Boolean) {
        types.push("boolean");
    }
    if has(Shape::List) {
        types.push("array");
    }
    let mut schema = vec![("type", texts(types))];
    if !has(Shape::Text) {
        // A text is an expression, nothing, or what it shows written as text.
        let written: Vec<&str> = shapes.iter().map(|shape| written(*shape)).collect();
        let pattern = format!("\\{{\\{{|^\\s*$|{}", written.join("|"));
        schema.push(("pattern", text(&pattern)));
    }
    if !has(Shape::Map) {
        let function = map([("pattern", text("^Fn::"))]);
        schema.push(("propertyNames", function));
        schema.push(("maxProperties", Value::from(1_i64)));
    }
    object(schema)
}

const fn written(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "",
        Shape::Number => "^\\s*[-+]?\\.?[0-9]",
        Shape::Boolean => "^\\s*([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])\\s*$",
        Shape::List => "^\\s*\\[",
        Shape::Map => "^\\s*\\{",
    }
}

/// A pattern for a word in any letter case: schemas know no flag for it.
pub(super) fn caseless(word: &str) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphabetic() {
            format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase())
        } else {
            c.to_string()
        }
    };
    word.chars().map(letter).collect()
}
