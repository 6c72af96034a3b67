//! What an operation answers, as the shape that checks are typed against.

use inventory::Shape;

use super::shapes::{At, Type};
use super::{Service, operation};

/// The shape of what an operation in use answers; `None` if it is not in use.
pub fn output_shape(service: &str, operation_name: &str) -> Option<Shape> {
    let (service, operation) = operation(service, operation_name)?;
    let Some(output) = &operation.output else { return Some(Shape::object([])) };
    Some(shape_of(service, service.at(output), &mut Vec::new()))
}

/// The members of an answer that are cut into pages, first the main one; empty for an operation without pages.
pub fn result_keys(service: &str, operation_name: &str) -> &'static [String] {
    let pages = operation(service, operation_name).and_then(|(_, operation)| operation.pages.as_ref());
    pages.map_or(&[], |pages| pages.result_key.names())
}

/// A type inside itself is cut with `Any`: documents are finite, types are not.
fn shape_of<'a>(service: &'a Service, at: At<'a>, around: &mut Vec<&'a str>) -> Shape {
    if around.contains(&at.member.shape.as_str()) || at.def.document || at.member.json_value {
        return Shape::Any;
    }
    around.push(&at.member.shape);
    let shape = match at.def.kind {
        Type::Structure => Shape::Object(
            at.def.members.iter().map(|(name, member)| (name.clone(), shape_of(service, service.at(member), around))).collect(),
        ),
        Type::List => Shape::list(shape_of(service, service.item(at), around)),
        Type::Map => Shape::Map(Box::new(shape_of(service, service.entry(at).1, around))),
        Type::String | Type::Character | Type::Blob => Shape::String,
        Type::Boolean => Shape::Bool,
        Type::Integer | Type::Long | Type::BigInteger => Shape::Int,
        Type::Float | Type::Double | Type::BigDecimal => Shape::Number,
        Type::Timestamp => Shape::Timestamp,
    };
    around.pop();
    shape
}
