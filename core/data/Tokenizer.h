#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace limpid {

/// The words of a text, one after the other, as a model counts them. The same bytes are the same words whatever the locale.
///
/// A word is a run of letters, digits and the marks upon them, of any script (Unicode general categories L, N, M), and all else
/// separates. An apostrophe between two of them stays ("don't"; the typographic one is written as the plain one). Characters
/// without a look of their own (soft hyphen, joiners, variation selectors) are passed over. A Han or kana character is a word by
/// itself, for those scripts put no spaces. Letters are lower-cased: ASCII, Latin, Greek, Cyrillic, Armenian and full-width ones.
/// Bytes that are no UTF-8 separate. Composed and decomposed letters ("é" in one or two code points) stay different.
class Tokenizer
{
public:
    /// Keeps the view: the text must outlive the tokenizer.
    explicit Tokenizer(std::string_view text) : m_text(text) {}

    /// Goes to the next word; false behind the last.
    bool next();
    /// Until the next next(): never empty, valid UTF-8.
    std::string_view word() const { return m_word; }
    /// Where it stands in the text, in bytes: from its first letter to behind its last.
    std::size_t begin() const { return m_begin; }
    std::size_t end() const { return m_end; }

private:
    std::string_view m_text;
    std::size_t m_at = 0, m_begin = 0, m_end = 0;
    std::string m_word;
};

/// All of them.
std::vector<std::string> wordsOf(std::string_view text);

} // namespace limpid
