#include "core/data/Vocabulary.h"

#include "core/data/Tokenizer.h"

#include <algorithm>
#include <unordered_map>

namespace limpid {

struct Vocabulary::Content {
    std::vector<std::string> words;
    std::unordered_map<std::string_view, std::int32_t> index; ///< of views into `words`
};

void WordCounts::add(std::string_view word)
{
    const auto number = static_cast<std::size_t>(m_words.add(word, 0, true));
    if (number == m_counts.size())
        m_counts.push_back(0);
    ++m_counts[number];
}

std::vector<std::string> WordCounts::mostFrequent(std::size_t limit) const
{
    constexpr std::size_t enough = 1'000; // different words, beyond which one that occurs once is of no use
    const std::vector<StringPool::Entry>& entries = m_words.entries();
    std::vector<std::size_t> order;
    for (std::size_t number = 0; number < entries.size(); ++number)
        if (m_counts[number] > 1 || entries.size() <= enough)
            order.push_back(number);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return m_counts[a] != m_counts[b] ? m_counts[a] > m_counts[b] : entries[a].text < entries[b].text;
    });
    order.resize(std::min(order.size(), limit));
    std::vector<std::string> words;
    words.reserve(order.size());
    for (const std::size_t number : order)
        words.emplace_back(entries[number].text);
    return words;
}

Vocabulary::Vocabulary(std::vector<std::string> words)
{
    auto content = std::make_shared<Content>();
    content->words = std::move(words);
    content->index.reserve(content->words.size());
    for (std::size_t i = 0; i < content->words.size(); ++i)
        content->index.emplace(content->words[i], firstWord + static_cast<std::int32_t>(i));
    m_content = std::move(content);
}

const std::vector<std::string>& Vocabulary::words() const
{
    return m_content->words;
}

int Vocabulary::size() const
{
    return firstWord + static_cast<int>(m_content->words.size());
}

std::int32_t Vocabulary::index(std::string_view word) const
{
    const auto found = m_content->index.find(word);
    return found == m_content->index.end() ? unseen : found->second;
}

void Vocabulary::encode(std::string_view text, std::span<std::int32_t> to) const
{
    std::size_t count = 0;
    for (Tokenizer tokenizer(text); count < to.size() && tokenizer.next(); ++count)
        to[count] = index(tokenizer.word());
    const auto end = to.begin() + static_cast<std::ptrdiff_t>(count);
    std::fill(to.begin(), std::move_backward(to.begin(), end, to.end()), padding);
}

} // namespace limpid
