//! What the library that estimates passwords says about one, as messages: it says it in English only.

use zxcvbn::feedback::{Suggestion, Warning};

/// The name of the message.
pub(super) fn on_warning(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => "advice-straight-rows",
        Warning::ShortKeyboardPatternsAreEasyToGuess => "advice-keyboard-patterns",
        Warning::RepeatsLikeAaaAreEasyToGuess => "advice-repeats",
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "advice-repeated-groups",
        Warning::ThisIsATop10Password => "advice-top-ten",
        Warning::ThisIsATop100Password => "advice-top-hundred",
        Warning::ThisIsACommonPassword => "advice-very-common",
        Warning::ThisIsSimilarToACommonlyUsedPassword => "advice-similar-to-common",
        Warning::SequencesLikeAbcAreEasyToGuess => "advice-sequences",
        Warning::RecentYearsAreEasyToGuess => "advice-recent-years",
        Warning::AWordByItselfIsEasyToGuess => "advice-one-word",
        Warning::DatesAreOftenEasyToGuess => "advice-dates",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess => "advice-names",
        Warning::CommonNamesAndSurnamesAreEasyToGuess => "advice-common-names",
    }
}

/// The name of the message.
pub(super) fn on_suggestion(suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases => "advice-use-words",
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => "advice-no-symbols-needed",
        Suggestion::AddAnotherWordOrTwo => "advice-add-words",
        Suggestion::CapitalizationDoesntHelpVeryMuch => "advice-capitals",
        Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => "advice-all-capitals",
        Suggestion::ReversedWordsArentMuchHarderToGuess => "advice-reversed",
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "advice-substitutions",
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => "advice-longer-pattern",
        Suggestion::AvoidRepeatedWordsAndCharacters => "advice-avoid-repeats",
        Suggestion::AvoidSequences => "advice-avoid-sequences",
        Suggestion::AvoidRecentYears => "advice-avoid-recent-years",
        Suggestion::AvoidYearsThatAreAssociatedWithYou => "advice-avoid-own-years",
        Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "advice-avoid-own-dates",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Message;

    /// What is said in English is what the library says.
    #[test]
    fn in_its_words() {
        let (warning, suggestion) = (Warning::ThisIsATop10Password, Suggestion::AddAnotherWordOrTwo);
        assert_eq!(Message::new(on_warning(warning)).to_string(), warning.to_string());
        assert_eq!(Message::new(on_suggestion(suggestion)).to_string(), suggestion.to_string());
    }
}
