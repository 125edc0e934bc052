#pragma once

#include "core/model/Predictor.h"

namespace limpid {

/// What Shapley methods play: for every explained row, the value of coalitions of players. Tests give literal games,
/// PredictorGame gives a model's.
class Game
{
public:
    virtual ~Game() = default;
    virtual std::size_t rows() const = 0;
    virtual std::size_t players() const = 0;
    virtual std::size_t outputs() const = 0;
    /// [rows, coalitions, outputs], row-major, the same coalitions for every row.
    virtual std::vector<double> values(const Coalitions& coalitions, Task& task) const = 0;
    /// Value of coalitions for one row only: [coalitions, outputs].
    virtual std::vector<double> valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const = 0;
    /// Whether the player can change anything for that row, i.e. differs from some background row.
    virtual bool varies(std::size_t row, std::size_t player) const = 0;
};

class PredictorGame final : public Game
{
public:
    /// Keeps a reference to the predictor; copies the features. `weights` as Predictor::coalitionMeans() takes them.
    PredictorGame(const Predictor& predictor, Features rows, Features background, OutputSpace space, std::vector<double> weights = {});

    std::size_t rows() const override { return m_rows.rows; }
    std::size_t players() const override;
    std::size_t outputs() const override;
    std::vector<double> values(const Coalitions& coalitions, Task& task) const override;
    std::vector<double> valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const override;
    bool varies(std::size_t row, std::size_t player) const override;

private:
    const Predictor& m_predictor;
    Features m_rows, m_background;
    std::vector<double> m_weights;
    OutputSpace m_space;
};

} // namespace limpid
