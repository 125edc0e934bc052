#pragma once

#include <string>
#include <vector>

namespace limpid {

/// What there is to explain a model with, and what each method heeds of an ExplainRequest, EffectRequest or CounterfactualRequest.
struct ExplainMethod {
    enum class About {
        Rows,      ///< explainTable(): what each column does to the predictions of single rows
        Quality,   ///< importanceOfTable(): what the model's figures owe to each column
        Columns,   ///< effectsOfTable(): how the model goes along with its columns
        Row,       ///< counterfactualsOfRow(): what one row would have to be for another prediction
    };
    std::string name;                   ///< as the command line has it
    About about = About::Rows;
    bool budget = false;
    bool resolveTop = false;            ///< it can stop once the largest values are told apart
};
/// In the order in which to offer them, those that suit most first.
const std::vector<ExplainMethod>& explainMethods();
/// Whether its players may be groups of columns: see ExplainRequest::groups.
bool takesGroups(const std::string& method);
/// Throws OptionInvalid, with the names that there are.
const ExplainMethod& explainMethod(const std::string& name);

} // namespace limpid
