#pragma once

#include "ui/charts/ExplanationPlots.h"
#include "ui/explain/CheckListButton.h"

namespace limpid {

class CohortBook;
class Session;

/// Which cohorts a plot compares: the selected rows, the others, and those that have names. The choice is kept with the session's
/// view settings under "explain.cohorts", by data file.
class CohortPicker : public CheckListButton
{
    Q_OBJECT
public:
    CohortPicker(Session& session, const CohortBook& book, QWidget* parent = nullptr);

    /// At least one, of the explanation's rows; `selected` are indices into these.
    std::vector<Cohort> cohorts(const Explanation& explanation, const std::vector<std::size_t>& selected) const;
    /// That it is compared as soon as it is there.
    void add(const QString& name);

protected:
    void showChecked() override;

private:
    void fill();
    void restore();
    void keep();

    Session& m_session;
    const CohortBook& m_book;
    QString m_file;
    QStringList m_chosen;           ///< also those that are not there now
};

} // namespace limpid
