#include "app/cli/ExplanationPicture.h"

#include "core/base/Error.h"
#include "core/data/RowConditions.h"
#include "core/explain/Attribution.h"
#include "core/explain/TellingOutput.h"

#ifdef LIMPID_GUI
#include "ui/charts/ExplanationPlots.h"
#include "ui/theme/Theme.h"

#include <QCoreApplication>
#endif

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

namespace limpid {

namespace {

[[noreturn]] void throwInvalid(const char* name, const std::string& value, const std::string& expected, const std::string& nearest = {})
{
    Facts facts{{"name", name}, {"value", value}, {"expected", expected}};
    if (!nearest.empty())
        facts.push_back({"nearest", nearest});
    throw Error(ErrorCode::OptionInvalid, std::move(facts));
}

#ifdef LIMPID_GUI
/// The explanation's rows that are in each of them; of a single one and all others.
std::vector<Cohort> cohortsOf(const Explanation& explanation, const std::vector<NamedCohort>& named)
{
    std::vector<Cohort> cohorts;
    for (const NamedCohort& cohort : named)
        cohorts.push_back({QString::fromStdString(cohort.name), explainedAmong(explanation, cohort.rows)});
    if (cohorts.size() == 1) {
        Cohort others{QCoreApplication::translate("Cli", "others"), {}};
        for (std::size_t row = 0; row < explanation.rowCount(); ++row)
            if (!std::binary_search(cohorts.front().rows.begin(), cohorts.front().rows.end(), row))
                others.rows.push_back(row);
        cohorts.push_back(std::move(others));
    }
    return cohorts;
}

const ExplanationPlotKind& kindOf(const PictureOptions& options)
{
    return *explanationPlot(options.kind);
}
#endif

} // namespace

NamedCohort parseCohort(const std::string& text)
{
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos || sign == 0)
        throwInvalid("--cohort", text, "NAME=CONDITIONS, such as: older=age > 40, sex = Female");
    NamedCohort cohort{text.substr(0, sign), text.substr(sign + 1)};
    parseConditions(cohort.where);
    return cohort;
}

void findCohorts(PictureOptions& options, const DataSet& data, const std::vector<std::size_t>& explained)
{
    for (NamedCohort& cohort : options.cohorts) {
        findRows(cohort, data);
        if (std::none_of(cohort.rows.begin(), cohort.rows.end(), [&](std::size_t row) { return std::binary_search(explained.begin(), explained.end(), row); }))
            throwInvalid("--cohort", cohort.name + "=" + cohort.where, "conditions that some of the explained rows meet");
    }
}

std::vector<std::string> pictureKinds()
{
    std::vector<std::string> kinds;
#ifdef LIMPID_GUI
    for (const ExplanationPlotKind& kind : explanationPlots())
        kinds.push_back(kind.id);
#else
    kinds.push_back(PictureOptions().kind);
#endif
    return kinds;
}

void checkPicture(const PictureOptions& options, const std::string& method)
{
    if (!options.cohorts.empty() && (options.file.empty() || options.kind != "cohorts"))
        throw Error(ErrorCode::OptionUnused, {{"name", "--cohort"}, {"other", options.file.empty() ? "--plot" : "--kind"}, {"needed", options.file.empty() ? "FILE" : "cohorts"}});
    if (options.file.empty())
        return;
#ifdef LIMPID_GUI
    const std::string ending = std::filesystem::path(options.file).extension().string();
    if (ending != ".png" && ending != ".svg" && ending != ".pdf")
        throwInvalid("--plot", options.file, "a file ending in .png, .svg or .pdf");
    if (kindOf(options).needsAdditive && !addsUp(method)) {
        std::string others;
        for (const ExplanationPlotKind& kind : explanationPlots()) {
            if (!kind.needsAdditive)
                others += (others.empty() ? "" : " | ") + std::string(kind.id);
        }
        throwInvalid("--kind", options.kind, others + ", as the values of “" + method + "” do not add up to a prediction");
    }
    if (kindOf(options).needsCohorts && options.cohorts.empty())
        throwInvalid("--kind", options.kind, "--cohort NAME=CONDITIONS beside it, to say which rows are compared");
    if (!options.column.empty() && !kindOf(options).needsFeature)
        throw Error(ErrorCode::OptionUnused, {{"name", "--plot-column"}, {"other", "--kind"}, {"needed", "dependence"}});
#else
    throwInvalid("--plot", options.file, "a Limpid built with its window");
#endif
}

bool isOfOneRow([[maybe_unused]] const PictureOptions& options)
{
#ifdef LIMPID_GUI
    return kindOf(options).needsRow;
#else
    return false;
#endif
}

std::size_t outputToDraw(const Explanation& explanation, const PictureOptions& options)
{
    const std::vector<std::string>& names = explanation.outputs;
    if (!options.output.empty()) {
        const auto found = std::find(names.begin(), names.end(), options.output);
        if (found == names.end())
            throwInvalid("--output", options.output, "a class of the target, or one of several targets", nearestName(options.output, names));
        return static_cast<std::size_t>(found - names.begin());
    }
    if (!isOfOneRow(options))
        return tellingOutput(explanation);
    const auto first = explanation.predictions.begin();
    return static_cast<std::size_t>(std::max_element(first, first + static_cast<std::ptrdiff_t>(names.size())) - first);
}

#ifdef LIMPID_GUI
void drawExplanation(const Explanation& explanation, const PictureOptions& options)
{
    ExplanationPlotChoice choice;
    choice.output = outputToDraw(explanation, options);
    choice.order = usualOrder(explanation);
    if (!options.column.empty()) {
        const auto found = std::find(explanation.features.begin(), explanation.features.end(), options.column);
        if (found == explanation.features.end())
            throwInvalid("--plot-column", options.column, "a column that was explained", nearestName(options.column, explanation.features));
        choice.feature = static_cast<std::size_t>(found - explanation.features.begin());
    } else if (kindOf(options).needsFeature) {
        choice.feature = meanAbsolute(explanation, choice.output).front().feature;
    }
    if (kindOf(options).needsCohorts)
        choice.cohorts = cohortsOf(explanation, options.cohorts);
    const std::unique_ptr<Plot> plot = makeExplanationPlot(kindOf(options), std::make_shared<const Explanation>(explanation), choice);
    const Theme theme(nullptr);
    constexpr int width = 900;
    savePlot(*plot, QString::fromStdString(options.file), {width, static_cast<int>(std::ceil(plot->preferredHeight(width)))}, theme);
}
#else
void drawExplanation(const Explanation&, const PictureOptions&) {} // checkPicture() has refused
#endif

} // namespace limpid
