#pragma once

#include "core/data/StringPool.h"

#include <memory>
#include <span>

namespace limpid {

/// How often words occur.
class WordCounts
{
public:
    void add(std::string_view word);
    /// The most frequent first, those of the same count in order of their bytes, at most `limit`. Where more than 1,000
    /// different words occur, those that occur once are left out: they are most of them, and a model can't learn from one.
    std::vector<std::string> mostFrequent(std::size_t limit) const;

private:
    StringPool m_words;
    std::vector<std::size_t> m_counts; ///< by number in the pool
};

/// The words a model knows, each with an index: 0 is padding, 1 any other word, then the words in their order.
/// Immutable and cheap to copy: copies share the words.
class Vocabulary
{
public:
    static constexpr std::int32_t padding = 0;
    static constexpr std::int32_t unseen = 1;
    static constexpr std::int32_t firstWord = 2;

    Vocabulary() : Vocabulary(std::vector<std::string>()) {}
    /// Different words, as the Tokenizer gives them.
    explicit Vocabulary(std::vector<std::string> words);

    const std::vector<std::string>& words() const;
    /// How many indices there are, the first two among them.
    int size() const;
    /// `unseen` where the word is not known.
    std::int32_t index(std::string_view word) const;
    /// The indices of a text's first to.size() words, in order. Where there are fewer, padding comes before them, so that the
    /// last place always holds the last word.
    void encode(std::string_view text, std::span<std::int32_t> to) const;

private:
    struct Content;
    std::shared_ptr<const Content> m_content;
};

} // namespace limpid
