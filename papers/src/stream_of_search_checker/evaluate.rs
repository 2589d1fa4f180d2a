//! Evaluates an expression as Python does: to a value, or to an exception with Python's message.
use super::Raised;
use super::expression::{Expression, parse};
use super::integer::{MAX_BITS, compare_float, to_float, true_divide};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Pow, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;

/// Greatest number of bits in operands of `&`, `|` and `^`, and in an exponent.
const MAX_OPERAND_BITS: u64 = 127;

/// A value, as far as the checker can distinguish values.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Int(BigInt),
    Float(f64),
    Bool(bool),
    None,
    Ellipsis,
    /// A string, a tuple or a list: Python's name of the type, and whether it is empty.
    Sequence(&'static str, bool),
}

/// Names that Python defines. The checker gives up on an expression that needs the value of one.
#[rustfmt::skip]
const BUILT_IN: [&str; 149] = [
    "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup", "BlockingIOError",
    "BrokenPipeError", "BufferError", "BytesWarning", "ChildProcessError", "ConnectionAbortedError",
    "ConnectionError", "ConnectionRefusedError", "ConnectionResetError", "DeprecationWarning", "EOFError", "Ellipsis",
    "EncodingWarning", "EnvironmentError", "Exception", "ExceptionGroup", "False", "FileExistsError",
    "FileNotFoundError", "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError", "ImportError",
    "ImportWarning", "IndentationError", "IndexError", "InterruptedError", "IsADirectoryError", "KeyError",
    "KeyboardInterrupt", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError", "None",
    "NotADirectoryError", "NotImplemented", "NotImplementedError", "OSError", "OverflowError",
    "PendingDeprecationWarning", "PermissionError", "ProcessLookupError", "RecursionError", "ReferenceError",
    "ResourceWarning", "RuntimeError", "RuntimeWarning", "StopAsyncIteration", "StopIteration", "SyntaxError",
    "SyntaxWarning", "SystemError", "SystemExit", "TabError", "TimeoutError", "True", "TypeError",
    "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError",
    "UnicodeWarning", "UserWarning", "ValueError", "Warning", "ZeroDivisionError", "abs", "aiter", "all", "anext",
    "any", "ascii", "bin", "bool", "breakpoint", "bytearray", "bytes", "callable", "chr", "classmethod", "compile",
    "complex", "copyright", "credits", "delattr", "dict", "dir", "divmod", "enumerate", "eval", "exec", "exit",
    "filter", "float", "format", "frozenset", "getattr", "globals", "hasattr", "hash", "help", "hex", "id", "input",
    "int", "isinstance", "issubclass", "iter", "len", "license", "list", "locals", "map", "max", "memoryview", "min",
    "next", "object", "oct", "open", "ord", "pow", "print", "property", "quit", "range", "repr", "reversed", "round",
    "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type", "vars", "zip",
];

/// Names that the reference defines in the scope in which it evaluates. The checker gives up on them as well.
#[rustfmt::skip]
const OWN: [&str; 61] = [
    "CountdownNode", "SearchTree", "SearchTreeNode", "available_numbers", "combine_nums", "exploration",
    "exploration_error", "exploration_error_on_final_node", "exploration_error_on_this_node", "exploration_list",
    "failed_final_explorations", "final_op_node", "final_operation", "first_line", "get_node_alignment",
    "get_target_nums", "goal_line", "goal_lines", "great_prune", "index", "json", "key", "last_exploration", "left",
    "matches", "max_leaf_index", "metric_fn", "mode", "mult_heuristic", "mult_prune", "new_node", "node", "node_id",
    "node_list", "nodes_in_path", "nums", "op", "op_node", "op_num_1", "op_num_2", "op_num_result", "operation",
    "operation_list", "operation_str", "operations", "operator", "parent_options", "parse_trajectory",
    "predicted_result", "re", "remaining_options", "right", "search_path", "self", "simple_rating", "subdict",
    "sum_heuristic", "target", "target_nums_match", "used_num", "used_numbers",
];

/// The value of an expression.
///
/// `text_n` says whether the name `n` is a string. It is one after the reference has looked at the numbers of an operation.
pub(super) fn evaluate(text: &str, text_n: bool) -> Result<Value, Raised> {
    value(&parse(text)?, text_n)
}

/// `left operator right` of two whole numbers.
pub(super) fn operate(left: &BigInt, operator: char, right: &BigInt) -> Result<Value, Raised> {
    let mut buffer = [0; 4];
    binary(&*operator.encode_utf8(&mut buffer), &Value::Int(left.clone()), &Value::Int(right.clone()))
}

impl Value {
    /// Whether the value is equal to a whole number.
    pub(super) fn equals(&self, number: &BigInt) -> bool {
        match self {
            Value::Float(value) => compare_float(number, *value) == Some(Ordering::Equal),
            _ => self.whole().is_some_and(|value| value == *number),
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Bool(_) => "bool",
            Value::None => "NoneType",
            Value::Ellipsis => "ellipsis",
            Value::Sequence(name, _) => name,
        }
    }

    fn is_true(&self) -> bool {
        match self {
            Value::Int(value) => !value.is_zero(),
            Value::Float(value) => *value != 0.0,
            Value::Bool(value) => *value,
            Value::None => false,
            Value::Ellipsis => true,
            Value::Sequence(_, empty) => !empty,
        }
    }

    /// The value as a whole number, if its type is `int` or `bool`.
    fn whole(&self) -> Option<BigInt> {
        match self {
            Value::Int(value) => Some(value.clone()),
            Value::Bool(value) => Some(BigInt::from(*value)),
            _ => None,
        }
    }

    fn float(&self) -> Result<Option<f64>, Raised> {
        match (self, self.whole()) {
            (Value::Float(value), _) => Ok(Some(*value)),
            (_, Some(value)) => to_float(&value).map(Some).ok_or_else(too_large),
            _ => Ok(None),
        }
    }
}

fn type_error(message: String) -> Raised {
    Raised::new("TypeError", message)
}

fn too_large() -> Raised {
    Raised::new("OverflowError", "int too large to convert to float")
}

fn zero_division(message: &str) -> Raised {
    Raised::new("ZeroDivisionError", message)
}

fn value(expression: &Expression, text_n: bool) -> Result<Value, Raised> {
    let of = |inner: &Expression| value(inner, text_n);
    let all = |items: &[Expression]| items.iter().try_for_each(|item| of(item).map(|_| ()));
    Ok(match expression {
        Expression::Int(number) => Value::Int(number.clone()),
        Expression::Float(number) => Value::Float(*number),
        Expression::Bool(truth) => Value::Bool(*truth),
        Expression::None => Value::None,
        Expression::Ellipsis => Value::Ellipsis,
        Expression::Str(empty) => Value::Sequence("str", *empty),
        Expression::Name(name) => return name_value(name, text_n),
        Expression::Not(inner) => Value::Bool(!of(inner)?.is_true()),
        Expression::Sign(sign, inner) => return signed(sign, &of(inner)?),
        Expression::Chain(first, others) => {
            return others.iter().try_fold(of(first)?, |left, (operator, right)| binary(operator, &left, &of(right)?));
        }
        Expression::Power(base, power) => return binary("**", &of(base)?, &of(power)?),
        Expression::Compare(first, others) => return compare(of(first)?, others, text_n),
        Expression::And(items) => return first_that(items, false, text_n),
        Expression::Or(items) => return first_that(items, true, text_n),
        Expression::If(parts) => {
            let [condition, so, otherwise] = parts.as_ref();
            return of(if of(condition)?.is_true() { so } else { otherwise });
        }
        Expression::Tuple(items) => all(items).map(|()| Value::Sequence("tuple", items.is_empty()))?,
        Expression::List(items) => all(items).map(|()| Value::Sequence("list", items.is_empty()))?,
        Expression::Call(called, arguments) => {
            let called = of(called)?;
            all(arguments)?;
            return Err(type_error(format!("'{}' object is not callable", called.type_name())));
        }
        Expression::Index(indexed, index) => {
            let indexed = of(indexed)?;
            of(index)?;
            return Err(match indexed {
                Value::Sequence(..) => Raised::unsupported(),
                other => type_error(format!("'{}' object is not subscriptable", other.type_name())),
            });
        }
        Expression::Attribute(owner, _) => {
            of(owner)?;
            return Err(Raised::unsupported());
        }
    })
}

fn name_value(name: &str, text_n: bool) -> Result<Value, Raised> {
    if name == "n" && text_n {
        return Ok(Value::Sequence("str", false));
    }
    if name.starts_with("__") || BUILT_IN.contains(&name) || OWN.contains(&name) {
        return Err(Raised::unsupported());
    }
    // Python writes no more than 200 bytes of a name.
    let shown = String::from_utf8_lossy(name.as_bytes().get(..200).unwrap_or(name.as_bytes()));
    Err(Raised::new("NameError", format!("name '{shown}' is not defined")))
}

/// The value of `and` or `or`: the first item whose truth is `truth`, or else the last item.
fn first_that(items: &[Expression], truth: bool, text_n: bool) -> Result<Value, Raised> {
    let mut last = Value::None;
    for item in items {
        last = value(item, text_n)?;
        if last.is_true() == truth {
            break;
        }
    }
    Ok(last)
}

fn signed(sign: &str, inner: &Value) -> Result<Value, Raised> {
    let bad = || type_error(format!("bad operand type for unary {sign}: '{}'", inner.type_name()));
    match (inner, inner.whole()) {
        (Value::Float(number), _) if sign != "~" => Ok(Value::Float(if sign == "-" { -number } else { *number })),
        (_, Some(number)) => Ok(Value::Int(match sign {
            "-" => -number,
            "~" => !number,
            _ => number,
        })),
        _ => Err(bad()),
    }
}

fn compare(first: Value, others: &[(&'static str, Expression)], text_n: bool) -> Result<Value, Raised> {
    let mut left = first;
    for (comparator, right) in others {
        let right = value(right, text_n)?;
        if !compare_two(comparator, &left, &right)? {
            return Ok(Value::Bool(false));
        }
        left = right;
    }
    Ok(Value::Bool(true))
}

fn compare_two(comparator: &str, left: &Value, right: &Value) -> Result<bool, Raised> {
    let (left_name, right_name) = (left.type_name(), right.type_name());
    if comparator == "in" && !matches!(right, Value::Sequence(..)) {
        return Err(type_error(format!("argument of type '{right_name}' is not iterable")));
    }
    if comparator == "in" || comparator == "is" || matches!(left, Value::Sequence(..)) && left_name == right_name {
        return Err(Raised::unsupported());
    }
    let order = match (left, right, left.whole(), right.whole()) {
        (_, _, Some(left), Some(right)) => Some(left.cmp(&right)),
        (Value::Float(left), Value::Float(right), ..) => left.partial_cmp(right),
        (_, Value::Float(right), Some(left), _) => compare_float(&left, *right),
        (Value::Float(left), _, _, Some(right)) => compare_float(&right, *left).map(Ordering::reverse),
        _ => {
            let names = format!("'{left_name}' and '{right_name}'");
            return Err(type_error(format!("'{comparator}' not supported between instances of {names}")));
        }
    };
    Ok(order == Some(if comparator == "<" { Ordering::Less } else { Ordering::Greater }))
}

fn binary(operator: &str, left: &Value, right: &Value) -> Result<Value, Raised> {
    if matches!(left, Value::Sequence(..)) || matches!(right, Value::Sequence(..)) {
        return sequence(operator, left, right);
    }
    match (left.whole(), right.whole()) {
        (Some(left), Some(right)) if operator != "@" => whole(operator, &left, &right),
        _ if ["@", "<<", ">>", "&", "^", "|"].contains(&operator) => Err(unsupported_operands(operator, left, right)),
        _ => match (left, right) {
            (Value::None | Value::Ellipsis, _) | (_, Value::None | Value::Ellipsis) => {
                Err(unsupported_operands(operator, left, right))
            }
            _ => match (left.float()?, right.float()?) {
                (Some(left), Some(right)) => float(operator, left, right).map(Value::Float),
                _ => Err(unsupported_operands(operator, left, right)),
            },
        },
    }
}

fn unsupported_operands(operator: &str, left: &Value, right: &Value) -> Raised {
    let operator = if operator == "**" { "** or pow()" } else { operator };
    let names = format!("'{}' and '{}'", left.type_name(), right.type_name());
    type_error(format!("unsupported operand type(s) for {operator}: {names}"))
}

/// An operator with a string, a tuple or a list on one side or both.
fn sequence(operator: &str, left: &Value, right: &Value) -> Result<Value, Raised> {
    let (left_name, right_name) = (left.type_name(), right.type_name());
    match (operator, left, right) {
        ("%", Value::Sequence("str", _), _) => Err(Raised::unsupported()),
        ("+", Value::Sequence(name, first), Value::Sequence(other, second)) if name == other => {
            Ok(Value::Sequence(name, *first && *second))
        }
        ("+", Value::Sequence(name, _), _) => {
            Err(type_error(format!("can only concatenate {name} (not \"{right_name}\") to {name}")))
        }
        ("*", Value::Sequence(name, empty), count) | ("*", count, Value::Sequence(name, empty)) => {
            match count.whole() {
                Some(count) if count.bits() < 16 => {
                    Ok(Value::Sequence(name, *empty || count.is_zero() || count.is_negative()))
                }
                Some(_) => Err(Raised::unsupported()),
                None => {
                    let other = if matches!(left, Value::Sequence(..)) { right_name } else { left_name };
                    Err(type_error(format!("can't multiply sequence by non-int of type '{other}'")))
                }
            }
        }
        _ => Err(unsupported_operands(operator, left, right)),
    }
}

fn whole(operator: &str, left: &BigInt, right: &BigInt) -> Result<Value, Raised> {
    let bounded = |bits: u64| if bits > MAX_BITS { Err(Raised::unsupported()) } else { Ok(()) };
    bounded(left.bits().max(right.bits()))?;
    Ok(Value::Int(match operator {
        "+" => left + right,
        "-" => left - right,
        "*" => bounded(left.bits() + right.bits()).map(|()| left * right)?,
        "/" if right.is_zero() => return Err(zero_division("division by zero")),
        "/" => {
            let quotient = true_divide(left, right);
            let too_large = || Raised::new("OverflowError", "integer division result too large for a float");
            return quotient.map(Value::Float).ok_or_else(too_large);
        }
        "//" if right.is_zero() => return Err(zero_division("integer division or modulo by zero")),
        "//" => left.div_floor(right),
        "%" if right.is_zero() => return Err(zero_division("integer modulo by zero")),
        "%" => left.mod_floor(right),
        "**" => return power(left, right),
        "<<" | ">>" => return shift(operator, left, right),
        _ => bits(operator, left, right)?,
    }))
}

fn power(base: &BigInt, exponent: &BigInt) -> Result<Value, Raised> {
    if exponent.is_negative() {
        let base = to_float(base).ok_or_else(too_large)?;
        return float("**", base, to_float(exponent).ok_or_else(too_large)?).map(Value::Float);
    }
    // Powers of -1, 0 and 1 do not grow.
    let grows = base.bits() > 1;
    if exponent.bits() > MAX_OPERAND_BITS || grows && *exponent > BigInt::from(MAX_BITS / base.bits()) {
        return Err(Raised::unsupported());
    }
    Ok(Value::Int(Pow::pow(base, exponent.magnitude())))
}

fn shift(operator: &str, left: &BigInt, right: &BigInt) -> Result<Value, Raised> {
    if right.is_negative() {
        return Err(Raised::new("ValueError", "negative shift count"));
    }
    let by = right.to_u64().filter(|&by| by <= MAX_BITS).ok_or_else(Raised::unsupported)?;
    Ok(Value::Int(if operator == "<<" { left << by } else { left >> by }))
}

fn bits(operator: &str, left: &BigInt, right: &BigInt) -> Result<BigInt, Raised> {
    if left.bits().max(right.bits()) > MAX_OPERAND_BITS {
        return Err(Raised::unsupported());
    }
    match operator {
        "&" => Ok(left & right),
        "|" => Ok(left | right),
        "^" => Ok(left ^ right),
        _ => Err(Raised::unsupported()),
    }
}

fn float(operator: &str, left: f64, right: f64) -> Result<f64, Raised> {
    match operator {
        "+" => Ok(left + right),
        "-" => Ok(left - right),
        "*" => Ok(left * right),
        "/" if right == 0.0 => Err(zero_division("float division by zero")),
        "/" => Ok(left / right),
        "//" if right == 0.0 => Err(zero_division("float floor division by zero")),
        "//" => Ok(floor_and_rest(left, right).0),
        "%" if right == 0.0 => Err(zero_division("float modulo")),
        "%" => Ok(floor_and_rest(left, right).1),
        _ => float_power(left, right),
    }
}

/// Floor and remainder, rounded as Python rounds them.
fn floor_and_rest(left: f64, right: f64) -> (f64, f64) {
    let mut rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest == 0.0 {
        rest = 0f64.copysign(right);
    } else if (right < 0.0) != (rest < 0.0) {
        rest += right;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(left / right), rest);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

fn float_power(base: f64, exponent: f64) -> Result<f64, Raised> {
    if !base.is_finite() || !exponent.is_finite() || base < 0.0 && exponent.fract() != 0.0 {
        return Err(Raised::unsupported());
    }
    if base == 0.0 && exponent < 0.0 {
        return Err(zero_division("0.0 cannot be raised to a negative power"));
    }
    let power = base.powf(exponent);
    if power.is_infinite() {
        return Err(Raised::new("OverflowError", "(34, 'Numerical result out of range')"));
    }
    Ok(power)
}
