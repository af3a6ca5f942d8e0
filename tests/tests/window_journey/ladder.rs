//! The list of rules in the real window: by mouse, by a pointer of WebDriver's, and by keyboard; what
//! it says of each move, and what Escape and Undo take back.

use latchkey_tests::pointer::Pointer;
use latchkey_tests::wizard::Wizard;
use thirtyfour::prelude::*;

/// The values of the rules, in order.
const VALUES: &str =
    "return [...document.querySelectorAll('[data-rung] .value')].map((one) => one.textContent)";

/// What is spoken.
const SPOKEN: &str = "return [...document.querySelectorAll('[role=status]')].map((one) => one.textContent).join(' ')";

/// The number that the rung in the hand would get; none while nothing is in the hand.
const HELD: &str = "return document.querySelector('.held .number')?.textContent ?? null";

/// The middle of a rung's grip, and how far it is from there to another rung's place, once nothing on the
/// page moves any more.
const GRIP: &str = "
    const [from, to, done] = arguments;
    const rung = (index) => document.querySelector(`[data-index='${index}']`);
    rung(from).scrollIntoView({ block: 'center' });
    const middle = ({ offsetTop, offsetHeight }) => offsetTop + offsetHeight / 2;
    const still = (before) => requestAnimationFrame(() => {
      const { left, top, width, height } = rung(from).querySelector('[data-grip]').getBoundingClientRect();
      if (document.getAnimations().length > 0 || top !== before) return still(top);
      const way = middle(rung(to)) - middle(rung(from));
      done([left + width / 2, top + height / 2, way + 8 * Math.sign(way)].map(Math.round));
    });
    still(null);";

const RULES: [(&str, &str); 3] = [
    ("SecOps", "Contributor"),
    ("Platform", "Operator"),
    ("Staff", "Creator"),
];

/// The list of the practice workspace with three rules more.
async fn ladder(wizard: &Wizard) {
    wizard.press("Try it with the practice provider").await;
    for page in ["Choose a provider", "Set up the connection"] {
        wizard.says(page).await;
        wizard.press("Continue").await;
    }
    wizard.press("Add as rule 1").await;
    for (number, (group, role)) in (2..).zip(RULES) {
        wizard.press("Add a rule").await;
        wizard.fill("Claim name", "groups").await;
        wizard.fill("Claim value", group).await;
        wizard.fill("Role", role).await;
        // What the linter says of it has come, and moves nothing any more.
        wizard.says("Draft kept").await;
        wizard.press(&format!("Add as rule {number}")).await;
        wizard.says(&format!("{number} rules")).await;
    }
    order(wizard, &[OLIVIA, "SecOps", "Platform", "Staff"]).await;
}

const OLIVIA: &str = "olivia@acme.example";

async fn asked(wizard: &Wizard, script: &str) -> serde_json::Value {
    let answer = wizard.driver().execute(script, Vec::new()).await;
    answer.expect("the page runs scripts").json().clone()
}

/// Waits until the script's answer is this one.
async fn until_it_is(wizard: &Wizard, script: &str, is: impl Fn(&serde_json::Value) -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let answer = asked(wizard, script).await;
        if is(&answer) {
            return;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "it stays {answer}; the page says: {}",
            wizard.text().await
        );
    }
}

async fn order(wizard: &Wizard, values: &[&str]) {
    let wanted = serde_json::json!(values);
    until_it_is(wizard, VALUES, |found| *found == wanted).await;
}

async fn speaks(wizard: &Wizard, sentence: &str) {
    let is = |said: &serde_json::Value| said.as_str().is_some_and(|said| said.contains(sentence));
    until_it_is(wizard, SPOKEN, is).await;
}

async fn carries_as(wizard: &Wizard, number: Option<&str>) {
    let wanted = serde_json::json!(number);
    until_it_is(wizard, HELD, |found| *found == wanted).await;
}

/// The middle of a rung's grip, and how far it is down to another rung's place.
async fn grip(wizard: &Wizard, from: usize, to: usize) -> ((i32, i32), i32) {
    let arguments = vec![from.into(), to.into()];
    let answer = wizard.driver().execute_async(GRIP, arguments).await;
    let answer = answer.expect("the page runs scripts").json().clone();
    let [x, y, way]: [i32; 3] = serde_json::from_value(answer).expect("three numbers");
    ((x, y), way)
}

async fn act(wizard: &Wizard, index: usize, act: &str) {
    let css = format!("[data-index='{index}'] [data-act='{act}']");
    let button = wizard.driver().find(By::Css(&css)).await;
    let button = button.unwrap_or_else(|error| panic!("{css} is not on the page: {error}"));
    button.scroll_into_view().await.expect("it is on the page");
    button
        .click()
        .await
        .unwrap_or_else(|error| panic!("{css} cannot be pressed: {error}"));
}

/// Waits for the field that a press opened to have the focus: what is typed before goes to the button.
async fn types_in(wizard: &Wizard) {
    const TYPES: &str = "return document.activeElement.tagName === 'INPUT'";
    until_it_is(wizard, TYPES, |found| *found == true).await;
}

/// Whether the focus is on this act of this rung.
async fn has_focus(wizard: &Wizard, index: usize, act: &str) {
    const FOCUS: &str = "const one = document.activeElement;
        return [one.closest('[data-index]')?.dataset.index ?? null, one.dataset.act ?? null]";
    let wanted = serde_json::json!([index.to_string(), act]);
    until_it_is(wizard, FOCUS, |found| *found == wanted).await;
}

#[tokio::test]
async fn a_rule_is_dragged_by_a_real_mouse_and_escape_puts_it_back() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    ladder(&wizard).await;
    let pointer = Pointer::over_the_wizard(&wizard).await;

    let ((x, y), way) = grip(&wizard, 3, 1).await;
    pointer.moves_to((x, y));
    pointer.presses();
    // As a hand goes: a little, then all the way.
    pointer.moves_to((x, y - 10));
    carries_as(&wizard, Some("4")).await;
    pointer.moves_to((x, y + way));
    carries_as(&wizard, Some("2")).await;
    pointer.lets_go();
    order(&wizard, &[OLIVIA, "Staff", "SecOps", "Platform"]).await;
    speaks(&wizard, "Creator, now 2 of 4").await;

    let ((x, y), way) = grip(&wizard, 0, 1).await;
    pointer.moves_to((x, y));
    pointer.presses();
    pointer.moves_to((x, y + 10));
    pointer.moves_to((x, y + way));
    carries_as(&wizard, Some("2")).await;
    pointer.key("Escape");
    carries_as(&wizard, None).await;
    speaks(&wizard, "Back where it was.").await;
    pointer.lets_go();
    order(&wizard, &[OLIVIA, "Staff", "SecOps", "Platform"]).await;

    wizard.press("Undo").await;
    order(&wizard, &[OLIVIA, "SecOps", "Platform", "Staff"]).await;
    wizard.press("Redo").await;
    order(&wizard, &[OLIVIA, "Staff", "SecOps", "Platform"]).await;
    wizard.close().await;
}

#[tokio::test]
async fn a_rule_is_dragged_by_a_pointer_that_no_hand_moves() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    ladder(&wizard).await;

    let ((x, y), way) = grip(&wizard, 1, 2).await;
    let place = |x: i32, y: i32| (i64::from(x), i64::from(y));
    let (from, near) = (place(x, y), place(x, y + 10));
    let to = place(x, y + way);
    wizard
        .driver()
        .action_chain()
        .move_to(from.0, from.1)
        .click_and_hold()
        .move_to(near.0, near.1)
        .move_to(to.0, to.1)
        .release()
        .perform()
        .await
        .expect("the window takes pointer actions");
    order(&wizard, &[OLIVIA, "Platform", "SecOps", "Staff"]).await;
    speaks(&wizard, "Contributor, now 3 of 4").await;
    wizard.close().await;
}

#[tokio::test]
async fn the_list_is_worked_on_by_keyboard_and_every_move_is_spoken() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    ladder(&wizard).await;
    let alt = |key: Key| Key::Alt + key;
    let focused = async || wizard.driver().active_element().await.expect("a control");

    act(&wizard, 3, "up").await;
    order(&wizard, &[OLIVIA, "SecOps", "Staff", "Platform"]).await;
    speaks(&wizard, "Creator, now 3 of 4").await;
    has_focus(&wizard, 2, "up").await;
    for (key, values, said) in [
        (
            Key::Up,
            [OLIVIA, "Staff", "SecOps", "Platform"],
            "now 2 of 4",
        ),
        (
            Key::End,
            [OLIVIA, "SecOps", "Platform", "Staff"],
            "now 4 of 4",
        ),
        (
            Key::Home,
            ["Staff", OLIVIA, "SecOps", "Platform"],
            "now 1 of 4",
        ),
        (
            Key::Up,
            ["Staff", OLIVIA, "SecOps", "Platform"],
            "at the top already",
        ),
        (
            Key::Down,
            [OLIVIA, "Staff", "SecOps", "Platform"],
            "now 2 of 4",
        ),
    ] {
        let keys = alt(key);
        focused()
            .await
            .send_keys(keys)
            .await
            .expect("it has the focus");
        order(&wizard, &values).await;
        speaks(&wizard, said).await;
    }
    has_focus(&wizard, 1, "up").await;

    act(&wizard, 1, "moveTo").await;
    types_in(&wizard).await;
    focused()
        .await
        .send_keys("4" + Key::Enter)
        .await
        .expect("it takes a number");
    order(&wizard, &[OLIVIA, "SecOps", "Platform", "Staff"]).await;
    speaks(&wizard, "Creator, now 4 of 4").await;
    has_focus(&wizard, 3, "moveTo").await;
    wizard.close().await;
}

#[tokio::test]
async fn a_rule_that_moves_keeps_the_focus_and_loses_no_key() {
    const BEGIN: &str = "window.left_ = 0;
        document.querySelector(\"[data-index='0'] [data-act='down']\").focus();
        const leaves = ({ relatedTarget }) => (window.left_ += relatedTarget === null ? 1 : 0);
        window.addEventListener('focusout', leaves, true);";
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    ladder(&wizard).await;
    let pointer = Pointer::over_the_wizard(&wizard).await;
    asked(&wizard, BEGIN).await;

    // Real keys, none of which waits for what the one before has done.
    for key in ["alt+Down", "alt+Down", "alt+Down", "alt+Up"] {
        pointer.key(key);
    }
    order(&wizard, &["SecOps", "Platform", OLIVIA, "Staff"]).await;
    has_focus(&wizard, 2, "down").await;
    assert_eq!(asked(&wizard, "return window.left_").await, 0);
    wizard.close().await;
}

#[tokio::test]
async fn a_rule_is_edited_duplicated_and_deleted_and_all_of_it_undone_and_done_again() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let wizard = Wizard::open(data.path()).await;
    ladder(&wizard).await;

    act(&wizard, 2, "edit").await;
    wizard.fill("Claim value", "Platform Team").await;
    wizard.press("Done").await;
    order(&wizard, &[OLIVIA, "SecOps", "Platform Team", "Staff"]).await;
    has_focus(&wizard, 2, "edit").await;

    act(&wizard, 1, "copy").await;
    wizard.fill("Claim value", "SecOps 2").await;
    wizard.press("Done").await;
    order(
        &wizard,
        &[OLIVIA, "SecOps", "SecOps 2", "Platform Team", "Staff"],
    )
    .await;

    act(&wizard, 4, "delete").await;
    order(&wizard, &[OLIVIA, "SecOps", "SecOps 2", "Platform Team"]).await;
    speaks(&wizard, "Rule 5 deleted. Undo brings it back.").await;
    has_focus(&wizard, 3, "delete").await;

    // Writing at the copy was one act, making it another.
    let undone: [&[&str]; 4] = [
        &[OLIVIA, "SecOps", "SecOps 2", "Platform Team", "Staff"],
        &[OLIVIA, "SecOps", "SecOps", "Platform Team", "Staff"],
        &[OLIVIA, "SecOps", "Platform Team", "Staff"],
        &[OLIVIA, "SecOps", "Platform", "Staff"],
    ];
    for values in undone {
        wizard.press("Undo").await;
        order(&wizard, values).await;
    }
    for values in undone.iter().rev().skip(1) {
        wizard.press("Redo").await;
        order(&wizard, values).await;
    }
    wizard.press("Redo").await;
    order(&wizard, &[OLIVIA, "SecOps", "SecOps 2", "Platform Team"]).await;
    wizard.says("Draft kept").await;
    wizard.kill();

    let wizard = Wizard::open(data.path()).await;
    order(&wizard, &[OLIVIA, "SecOps", "SecOps 2", "Platform Team"]).await;
    wizard.close().await;
}
