#include "core/explain/TextGame.h"

#include "core/data/Tokenizer.h"

#include <algorithm>
#include <array>

namespace limpid {

namespace {

/// How strongly what stands between two players parts them: 2 ends a sentence, 1 a part of one.
int strengthOf(std::string_view between)
{
    constexpr std::array<std::string_view, 4> fullStops{"。", "！", "？", "\n"};
    constexpr std::array<std::string_view, 9> breaks{"、", "，", "；", "：", "—", "–", "…", "(", ")"};
    const auto has = [between](std::string_view mark) { return between.find(mark) != std::string_view::npos; };
    // "3.5" and "10:30" are no ends: of these marks white space must follow.
    const auto ends = [between](std::string_view marks) {
        const std::size_t at = between.find_first_of(marks);
        return at != std::string_view::npos && between.find_first_of(" \t\r\n", at) != std::string_view::npos;
    };
    if (ends(".!?") || std::any_of(fullStops.begin(), fullStops.end(), has))
        return 2;
    return ends(",;:") || has(" - ") || std::any_of(breaks.begin(), breaks.end(), has) ? 1 : 0;
}

/// Adds the splits over players [begin, end) and returns the node.
std::size_t addNode(PlayerTree& tree, const std::vector<int>& gaps, std::size_t begin, std::size_t end)
{
    if (end - begin == 1)
        return begin;
    const std::size_t middle = begin + (end - begin) / 2;
    std::size_t best = middle;
    const auto distance = [middle](std::size_t at) { return at > middle ? at - middle : middle - at; };
    for (std::size_t at = begin + 1; at < end; ++at) {
        const int strength = gaps[at - 1], most = gaps[best - 1];
        if (strength > most || (strength == most && distance(at) < distance(best)))
            best = at;
    }
    const std::size_t left = addNode(tree, gaps, begin, best);
    const std::size_t right = addNode(tree, gaps, best, end);
    tree.splits.push_back({left, right, 0.0});
    return tree.players + tree.splits.size() - 1;
}

} // namespace

TextGame::TextGame(const Predictor& predictor, Features row, std::size_t group, std::string_view text, OutputSpace space)
    : m_predictor(predictor), m_row(std::move(row)), m_space(space)
{
    const FeatureGroup& own = predictor.pipeline().groups()[group];
    m_begin = own.categoryBegin;
    m_length = own.categoryEnd - own.categoryBegin;
    std::vector<TextSpan> found;
    for (Tokenizer tokenizer(text); tokenizer.next();) {
        m_words.push_back(predictor.pipeline().vocabulary().index(tokenizer.word()));
        found.push_back({tokenizer.begin(), tokenizer.end()});
    }
    const std::size_t players = std::min(found.size(), maxPlayers);
    for (std::size_t player = 0; player < players; ++player) {
        const std::size_t first = player * found.size() / players, next = (player + 1) * found.size() / players;
        m_starts.push_back(first);
        m_spans.push_back({found[first].begin, found[next - 1].end});
    }
    m_starts.push_back(found.size());
}

void TextGame::encode(std::span<const std::uint8_t> members, std::int32_t* to) const
{
    std::size_t count = 0;
    for (std::size_t player = 0; player < members.size() && count < m_length; ++player) {
        if (members[player] == 0)
            continue;
        for (std::size_t word = m_starts[player]; word < m_starts[player + 1] && count < m_length; ++word)
            to[count++] = m_words[word];
    }
    std::fill(to, std::move_backward(to, to + count, to + m_length), Vocabulary::padding); // as Vocabulary::encode() has it
}

std::vector<double> TextGame::values(const Coalitions& coalitions, Task& task) const
{
    constexpr std::size_t atOnce = 128; // bounds memory, and how long a cancel waits
    std::vector<double> values;
    values.reserve(coalitions.count * outputs());
    for (std::size_t begin = 0; begin < coalitions.count; begin += atOnce) {
        task.checkpoint();
        const std::size_t count = std::min(atOnce, coalitions.count - begin);
        Features texts = m_row;
        texts.rows = count;
        texts.targets.clear();
        texts.numbers.reserve(count * m_row.numberWidth);
        texts.categories.reserve(count * m_row.categoryWidth);
        for (std::size_t i = 1; i < count; ++i) {
            texts.numbers.insert(texts.numbers.end(), m_row.numbers.begin(), m_row.numbers.end());
            texts.categories.insert(texts.categories.end(), m_row.categories.begin(), m_row.categories.end());
        }
        for (std::size_t i = 0; i < count; ++i)
            encode(coalitions.row(begin + i), texts.categories.data() + i * m_row.categoryWidth + m_begin);
        const Predictions found = m_predictor.predict(texts, m_space, task);
        values.insert(values.end(), found.values.begin(), found.values.end());
    }
    return values;
}

std::vector<double> TextGame::valuesOfRow(std::size_t, const Coalitions& coalitions, Task& task) const
{
    return values(coalitions, task);
}

PlayerTree textTree(std::string_view text, const std::vector<TextSpan>& spans)
{
    PlayerTree tree;
    tree.players = spans.size();
    std::vector<int> gaps;
    for (std::size_t i = 0; i + 1 < spans.size(); ++i)
        gaps.push_back(strengthOf(text.substr(spans[i].end, spans[i + 1].begin - spans[i].end)));
    if (!spans.empty())
        addNode(tree, gaps, 0, spans.size());
    return tree;
}

} // namespace limpid
