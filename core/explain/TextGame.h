#pragma once

#include "core/explain/Game.h"
#include "core/explain/PlayerTree.h"

#include <string_view>

namespace limpid {

/// A stretch of a text, in bytes.
struct TextSpan {
    std::size_t begin = 0, end = 0;
    bool operator==(const TextSpan&) const = default;
};

/// The words of one row's text in one column: players are the words, each occurrence by itself, in the order of the text.
/// The value of a coalition is the prediction for the row with a text of its words alone; the other columns stay as they are.
/// Words are those that the Pipeline reads (Tokenizer); where the model reads only the first so many, later ones move up as
/// others leave.
class TextGame final : public Game
{
public:
    /// Of more words than that, neighbours are one player, in runs of as equal a length as can be.
    static constexpr std::size_t maxPlayers = 200;

    /// `row`: one encoded row; `group`: the text's column among the pipeline's groups. Keeps a reference to the predictor.
    TextGame(const Predictor& predictor, Features row, std::size_t group, std::string_view text, OutputSpace space);

    /// Of the text, one a player, ascending and apart.
    const std::vector<TextSpan>& spans() const { return m_spans; }
    /// At least as many as players.
    std::size_t words() const { return m_words.size(); }

    std::size_t rows() const override { return 1; }
    std::size_t players() const override { return m_spans.size(); }
    std::size_t outputs() const override { return m_predictor.outputCount(m_space); }
    std::vector<double> values(const Coalitions& coalitions, Task& task) const override;
    std::vector<double> valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const override;
    /// Any word can, if only by the room it takes.
    bool varies(std::size_t, std::size_t) const override { return true; }

private:
    void encode(std::span<const std::uint8_t> members, std::int32_t* to) const;

    const Predictor& m_predictor;
    Features m_row;
    std::size_t m_begin, m_length;                ///< the text's places among the row's categories
    OutputSpace m_space;
    std::vector<std::int32_t> m_words;            ///< indices in the vocabulary, in order
    std::vector<std::size_t> m_starts;            ///< [players + 1]: the player's first of m_words
    std::vector<TextSpan> m_spans;
};

/// The players of a text as sentences, these as parts between commas and the like, and these halved down to single ones.
/// A part falls apart at the strongest mark in it, of equal ones at that nearest to its middle.
PlayerTree textTree(std::string_view text, const std::vector<TextSpan>& spans);

} // namespace limpid
