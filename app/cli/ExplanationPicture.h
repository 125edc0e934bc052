#pragma once

#include "core/workbench/NamedCohorts.h"

#include <string>
#include <vector>

namespace limpid {

/// Which picture of an explanation to draw into which file, as the command line has it.
struct PictureOptions {
    std::string file;                ///< ending in .png, .svg or .pdf
    std::string kind = "beeswarm";   ///< of explanationPlots()
    std::string column;              ///< of a dependence plot; "": the one that matters most
    std::string output;              ///< "": the one that matters most
    std::vector<NamedCohort> cohorts = {};   ///< of the kind cohorts: compared with each other, a single one with all other rows
};
/// "NAME=CONDITIONS", of the conditions' form alone. Throws OptionInvalid.
NamedCohort parseCohort(const std::string& text);
/// Looks for the cohorts' rows, some of which must be among the explained ones (ascending). Throws OptionInvalid, also as findRows() does.
void findCohorts(PictureOptions& options, const DataSet& data, const std::vector<std::size_t>& explained);
/// Without the window's parts only the usual one.
std::vector<std::string> pictureKinds();
/// What is to be written must be writable in kind before minutes are spent on it. Throws OptionInvalid, OptionUnused.
void checkPicture(const PictureOptions& options, const std::string& method);
/// Whether it is of one row: the first that was explained.
bool isOfOneRow(const PictureOptions& options);
/// The output of that name; else the one that matters most: the predicted one of the first row for a picture of one row, else
/// the one with the largest effects. Throws OptionInvalid.
std::size_t outputToDraw(const Explanation& explanation, const PictureOptions& options);
/// Throws OptionInvalid, and as writing a file does.
void drawExplanation(const Explanation& explanation, const PictureOptions& options);

} // namespace limpid
