#pragma once

#include "core/base/Random.h"
#include "core/explain/GroupedGame.h"
#include "core/explain/Occlusion.h"
#include "core/explain/WeightedGame.h"
#include "core/workbench/ExplainTable.h"

namespace limpid {

/// Rows of a table and what the model's pipeline makes of them.
struct EncodedRows {
    const Table& table;
    std::vector<std::size_t> numbers;   ///< of the rows in the table
    Features features;
};

/// Throws what encoding throws.
EncodedRows encodedRows(const Predictor& predictor, const Table& table, std::vector<std::size_t> rows);

/// Which of the table's rows a request is about, ascending. Throws RowRangeInvalid, and OptionInvalid (rows) for chosen ones that are
/// not in the table or not in order.
std::vector<std::size_t> explainedRows(const ExplainRequest& request, const Table& table);

/// One way to explain rows against a background, ready for any rows: what explainTable() asks of every method.
class RowMethod
{
public:
    virtual ~RowMethod() = default;
    /// Whose values there are: columns, or groups of them.
    virtual const std::vector<PlayerGroup>& players() const = 0;
    /// Coalitions, gradients or samples a row, at most; and the predictions each takes.
    virtual std::uint64_t evaluations() const = 0;
    virtual std::uint64_t modelRowsEach() const = 0;
    /// `count` coalitions such as it asks the model about, of columns; none where it does not put others' values in their place.
    virtual Coalitions drawCoalitions(std::size_t count, Random& random) const = 0;
    virtual Attributions explain(const EncodedRows& rows, Task& task) const = 0;
    /// What `count` rows would take, by a short trial on some of these.
    virtual ExplainCost cost(const EncodedRows& rows, std::size_t count, Task& task) const = 0;
};

/// What games give; v(∅), which is that of all rows, is told once.
Attributions named(ShapleyValues values, std::size_t outputs);
Attributions named(OcclusionValues found, std::size_t outputs);
/// So many predictions of rows masked by coalitions, by a short trial on these rows.
ExplainCost costOfCoalitions(const Predictor& predictor, const Features& rows, const WeightedRows& background, OutputSpace space, std::uint64_t modelRows,
                             std::uint64_t seed, Task& task);

/// Throws what is wrong with the request's method and settings: see explainTable().
void checkRowMethod(const Predictor& predictor, const ExplainRequest& request);
/// Keeps a reference to the predictor. `weights` of the background's rows, their sum 1; empty: all the same.
std::unique_ptr<RowMethod> makeRowMethod(const Predictor& predictor, EncodedRows background, std::vector<double> weights, const ExplainRequest& request);

} // namespace limpid
