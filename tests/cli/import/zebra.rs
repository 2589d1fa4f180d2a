//! Zebra puzzles: attributes with any values, and clues in short sentences or plain English.

use serde_json::{Value, json};

use super::super::feed;
use super::{import, puzzles, rows};

#[test]
fn streets_are_read_with_any_attributes() {
    let objects = json!({"id": "a", "attributes": [["Arnold", "Eric"], ["dark green", "2005"]],
        "clues": [{"at": ["Eric", 1]}, {"same": ["Arnold", "2005"]}], "size": "2*2"});
    let sentences = json!({"attributes": {"name": ["Arnold", "Eric"], "thing": ["dark green", "2005"]},
        "clues": ["Eric at 1", "Arnold same 2005"]});
    let found = puzzles("zebra", &format!("{objects}\n{sentences}\n"));
    let wanted = json!({"attributes": [["Arnold", "Eric"], ["dark_green", "_2005"]],
        "clues": [{"at": ["Eric", 1]}, {"same": ["Arnold", "_2005"]}]});
    assert!(found.iter().all(|row| row["puzzle"] == wanted), "{found:?}");
    assert_eq!((&found[0]["source_id"], &found[0]["size"]), (&json!("a"), &json!("2*2")));
    assert_eq!(found[1]["attributes"], json!(["name", "thing"]));
    for (clue, read) in [
        ("Eric is not at 2", json!({"notat": ["Eric", 2]})),
        ("Eric right dark green", json!({"left": ["dark_green", "Eric"]})),
        ("Eric after dark green", json!({"before": ["dark_green", "Eric"]})),
        ("dark green next Eric", json!({"next": ["dark_green", "Eric"]})),
        ("Eric != 2005", json!({"apart": ["Eric", "_2005"]})),
    ] {
        let row = json!({"attributes": sentences["attributes"], "clues": [clue]});
        assert_eq!(puzzles("zebra", &row.to_string())[0]["puzzle"]["clues"], json!([read]), "{clue}");
    }
    for (clue, says) in [
        (json!("Eric likes tea"), ":1:1: found \"\\\"Eric likes tea"),
        (json!({"same": ["Eric", "Bob"]}), ":1:1: clues: found Same(\"Eric\", \"Bob\")"),
        (json!({"beside": ["Eric", "Arnold"]}), ":1:1: clues: unknown variant `beside`"),
    ] {
        let ran = import("zebra", &json!({"attributes": sentences["attributes"], "clues": [clue]}).to_string());
        assert!(ran.code == Some(2) && ran.err.contains(says), "{says}: {}", ran.err);
    }
}

/// A street of three houses in plain English.
const STREET: &str = "There are 3 houses, numbered 1 to 3 from left to right, as seen from across the street. Each house is occupied by a different person. \
Each house has a unique attribute for each of the following characteristics:
 - Each person has a unique name: `Mila`, `Noor`, `Otto`
 - People have unique favorite drinks: `oat milk`, `milk`, `root beer`
 - People keep unique animals: `cat`, `horse`, `dog`
 - People are of nationalities: `swede`, `brit`, `dane`
 - Each person has a birthday in a unique month: `sept`, `may`, `jan`
 - Each person has a unique favorite color: `red`, `white`, `blue`
 - People have unique hair colors: `red`, `black`, `gray`

## Clues:
";

/// Its row, with these clues.
fn street(clues: &[&str]) -> Value {
    let clues: String = (1..).zip(clues).map(|(number, clue): (usize, &&str)| format!("{number}. {clue}\n")).collect();
    json!({"id": "street-1", "size": "3*7", "puzzle": format!("{STREET}{clues}")})
}

const TOLD: [&str; 16] = [
    "Noor is in the second house.",
    "Mila is directly left of the person who keeps horses.",
    "The oat milk drinker is Mila.",
    "The person who likes milk is not in the third house.",
    "The cat lover and the person with a pet dog are not the same.",
    "The British person is somewhere to the right of the Dane.",
    "The Swedish person and the person who keeps horses are next to each other.",
    "There is one house between the person whose birthday is in September and the person who was born in May.",
    "The person whose birthday is in January is the person who owns a horse.",
    "The person whose favorite color is red is the person who has red hair.",
    "The person with grey hair is in the first house.",
    "The person who loves white is directly right of the person who loves blue.",
    "The person whose birthday is in May is somewhere to the left of the person who likes root beer.",
    "The cat owner is not the person with gray hair.",
    "The person who loves blue is the person who has gray hair.",
    "The person who loves white is the Dane.",
];

/// The clues without the one that no reader could take for anything.
fn told() -> Vec<&'static str> {
    TOLD.into_iter().filter(|clue| !clue.contains("are not the same")).collect()
}

#[test]
fn streets_in_plain_english_are_read() {
    let row = street(&told());
    let ran = import("zebra", &row.to_string());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let found = &rows(&ran)[0];
    let wanted = json!({
        "attributes": [
            ["Mila", "Noor", "Otto"], ["oat_milk", "milk", "root_beer"], ["cat", "horse", "dog"], ["swede", "brit", "dane"],
            ["sept", "may", "jan"], ["favorite_color_red", "white", "blue"], ["hair_colors_red", "black", "gray"]
        ],
        "clues": [
            {"at": ["Noor", 2]}, {"left": ["Mila", "horse"]}, {"same": ["oat_milk", "Mila"]}, {"notat": ["milk", 3]},
            {"before": ["dane", "brit"]}, {"next": ["swede", "horse"]}, {"gap": ["sept", "may", 2]}, {"same": ["jan", "horse"]},
            {"same": ["favorite_color_red", "hair_colors_red"]}, {"at": ["gray", 1]}, {"left": ["blue", "white"]},
            {"before": ["may", "root_beer"]}, {"apart": ["cat", "gray"]}, {"same": ["blue", "gray"]}, {"same": ["white", "dane"]}
        ]
    });
    assert_eq!(found["puzzle"], wanted);
    assert_eq!((&found["source_id"], &found["size"]), (&json!("street-1"), &json!("3*7")));
    assert_eq!(found["attributes"][6], "People have unique hair colors");
    assert_eq!(
        found["values"],
        json!({"oat_milk": "oat milk", "root_beer": "root beer", "favorite_color_red": "red", "hair_colors_red": "red"})
    );
    // What a model answers in the words of the list.
    let answer = "House 1: Mila, oat milk, dog, swede, may, blue, gray\nHouse 2: Noor, milk, horse, dane, jan, white, black\n\
                  House 3: Otto, Root Beer, cat, brit, sept, favorite_color_red, hair colors red";
    for (answer, solved) in [(answer.to_string(), true), (answer.replace("oat milk", "milk"), false)] {
        let request = json!({"env": "zebra", "puzzle": found["puzzle"], "read": "answer", "text": answer}).to_string();
        let verdict: Value = serde_json::from_str(feed(&["check"], request.as_bytes()).out.trim()).unwrap();
        assert_eq!(verdict["solved"], solved, "{verdict}");
    }
}

#[test]
fn a_solution_beside_a_street_is_compared() {
    let with = |rows: Value| {
        let mut row = street(&told());
        let header = ["House", "Name", "Drink", "Animal", "Nationality", "Birthday", "Color", "Hair"];
        row["solution"] = json!({"header": header, "rows": rows});
        import("zebra", &row.to_string())
    };
    let right = json!([
        ["1", "Mila", "oat milk", "dog", "swede", "may", "blue", "gray"],
        ["2", "Noor", "milk", "horse", "dane", "jan", "white", "black"],
        ["3", "Otto", "root beer", "cat", "brit", "sept", "red", "red"]
    ]);
    assert_eq!(with(right.clone()).code, Some(0), "{}", with(right.clone()).err);
    let hidden = json!([["1", "___", "___"], ["2", "___", "___"], ["3", "___", "___"]]);
    assert_eq!(with(hidden).code, Some(0));
    let mut wrong = right.clone();
    (wrong[0][3], wrong[2][3]) = (json!("cat"), json!("dog"));
    let ran = with(wrong);
    let says = ":1:1: solution: clue 13, read as {\"apart\":[\"cat\",\"gray\"]}, does not hold in it";
    assert!(ran.code == Some(2) && ran.err.contains(says), "{}", ran.err);
    let mut wrong = right;
    wrong[0][3] = json!("bird");
    assert!(with(wrong).err.contains(":1:1: solution: found bird; allowed: a row for each house"));
}

/// Values, and a phrase for each.
const PHRASES: [&[(&str, &str)]; 14] = [
    &[
        ("cat", "the cat lover"),
        ("horse", "the person who keeps horses"),
        ("fish", "the fish enthusiast"),
        ("bird", "the bird keeper"),
    ],
    &[
        ("high school", "the person with a high school diploma"),
        ("associate", "the person with an associate's degree"),
        ("master", "the person with a master's degree"),
    ],
    &[
        ("blue master", "the person who smokes Blue Master"),
        ("pall mall", "the person partial to Pall Mall"),
        ("blends", "the person who smokes many unique blends"),
    ],
    &[
        ("photography", "the photography enthusiast"),
        ("painting", "the person who paints as a hobby"),
        ("knitting", "the person who knits"),
        ("cooking", "the person who loves cooking"),
    ],
    &[
        ("roses", "the person who loves the rose bouquet"),
        ("lilies", "the person who loves the bouquet of lilies"),
        ("iris", "the person who loves the bouquet of iris"),
    ],
    &[
        ("ranch", "the person in a ranch-style home"),
        ("craftsman", "the person in a Craftsman-style house"),
        ("victorian", "the person residing in a Victorian house"),
    ],
    &[
        ("cruise", "the person who likes going on cruises"),
        ("camping", "the person who enjoys camping trips"),
        ("city", "the person who prefers city breaks"),
    ],
    &[
        ("very short", "the person who is very short"),
        ("short", "the person who is short"),
        ("average", "the person who has an average height"),
    ],
    &[
        ("sept", "the person whose birthday is in September"),
        ("april", "the person whose birthday is in April"),
        ("may", "the person whose birthday is in May"),
    ],
    &[("dane", "the Dane"), ("brit", "the British person"), ("swede", "the Swedish person"), ("german", "the German")],
    &[
        ("tea", "the tea drinker"),
        ("boba tea", "the boba tea drinker"),
        ("water", "the one who only drinks water"),
        ("root beer", "the root beer lover"),
    ],
    &[("ford f-150", "the person who owns a Ford F-150"), ("bmw 3 series", "the person who owns a BMW 3 Series")],
    &[("hip hop", "the person who loves hip-hop music"), ("rock", "the person who loves rock music")],
    &[
        ("Holly", "the person whose mother's name is Holly"),
        ("Bella", "the person's child is named Bella"),
        ("Fred", "the person who is the mother of Fred"),
    ],
];

#[test]
fn phrases_of_all_kinds_say_their_values() {
    let places = ["first", "second", "third", "fourth"];
    let mut text = String::new();
    for kind in PHRASES {
        let values: Vec<String> = kind.iter().map(|(value, _)| format!("`{value}`")).collect();
        let said = (1..).zip(kind.iter().zip(places)).map(|(number, ((_, phrase), place)): (usize, _)| {
            format!("{number}. {}{} is in the {place} house.\n", phrase[..1].to_uppercase(), &phrase[1..])
        });
        let puzzle =
            format!("There are some houses.\n- Things: {}\n## Clues:\n{}", values.join(", "), said.collect::<String>());
        text.push_str(&(json!({"puzzle": puzzle}).to_string() + "\n"));
    }
    let found = puzzles("zebra", &text);
    assert_eq!(found.len(), PHRASES.len());
    for (row, kind) in found.iter().zip(PHRASES) {
        let values = row["puzzle"]["attributes"][0].as_array().unwrap();
        let wanted: Vec<Value> =
            (1..).zip(values).map(|(house, value): (usize, &Value)| json!({"at": [value, house]})).collect();
        assert_eq!((values.len(), &row["puzzle"]["clues"]), (kind.len(), &json!(wanted)));
    }
}

/// Nothing is guessed, and nothing is lost.
#[test]
fn a_street_that_cannot_be_read_is_told_with_its_clue() {
    for (clue, says) in [
        ("The cat lover and the person with a pet dog are not the same.", "clue 1: found \"The cat lover and"),
        ("The bird keeper is in the first house.", "clue 1: found \"The bird keeper is in"),
        ("The person who likes red is in the first house.", "where things or their relation are not clear"),
        ("The person who keeps a cat or a dog is Mila.", "clue 1: found \"The person who keeps a cat or"),
        ("Mila does not like milk.", "clue 1: found \"Mila does not"),
        ("If Mila is in the first house, Otto is in the third house.", "clue 1: found \"If Mila"),
        ("Mila is in the first or second house.", "clue 1: found \"Mila is in"),
        ("Mila is in the twelfth house.", "clue 1: found \"Mila is in"),
        ("Mila is directly left.", "clue 1: found \"Mila is directly"),
        ("Mila is Mila.", "clue 1: found \"Mila is Mila"),
        ("Either Mila or Noor is Otto.", "clue 1: found \"Either"),
        ("There are some houses between Mila and Noor.", "clue 1: found \"There are some"),
        ("Mila is not directly left of Noor.", "clue 1: found \"Mila is not directly"),
        ("Mila is Noor's neighbor.", "clue 1: found \"Mila is Noor's"),
        ("Mila is to the left of Noor.", "clue 1: found \"Mila is to the left"),
        ("Mila is before Noor.", "clue 1: found \"Mila is before"),
        ("Mila is two houses away from Noor.", "clue 1: found \"Mila is two"),
        ("The person in the second house who likes root beer is Mila.", "clue 1: found \"The person in the second"),
        ("The person in house 2 who likes root beer is Mila.", "clue 1: found \"The person in house 2"),
    ] {
        let ran = import("zebra", &street(&[clue]).to_string());
        assert!(ran.code == Some(2) && ran.err.contains(says), "{clue}: {}{}", ran.out, ran.err);
    }
    let without: Vec<&str> = told().into_iter().filter(|clue| !clue.contains("cat owner")).collect();
    let mut two = street(&without);
    assert!(import("zebra", &two.to_string()).err.contains(":1:1: clues: found several solutions; allowed: one"));
    two = street(&[&told()[..], &["Noor is in the first house."]].concat());
    assert!(import("zebra", &two.to_string()).err.contains(":1:1: clues: found no solution; allowed: one"));
    two = street(&told());
    two["size"] = json!("3*6");
    assert!(import("zebra", &two.to_string()).err.contains("size: found \"3*6\"; the text has 3*7"));
    for (text, says) in [
        ("", "found 0 lists and 0 clues"),
        ("There are 2 houses.\n## Clues:\n1. Mila is Noor.", "found 0 lists and 1 clues"),
        (
            "- name: `Mila`, `Noor`\n## Clues:\nMila is in the first house.",
            "clues: found \"Mila is in the first house.\"",
        ),
        ("- names\n## Clues:\n1. Mila is in the first house.", "lists: found \" names\"; allowed: a colon"),
        ("- name: `Mila`, `!`\n## Clues:\n1. Mila is in the first house.", "lists: found \"!\""),
    ] {
        let ran = import("zebra", &json!({"puzzle": text}).to_string());
        assert!(ran.code == Some(2) && ran.err.contains(says), "{says}: {}", ran.err);
    }
}
