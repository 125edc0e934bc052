#pragma once

#include "core/workbench/BackgroundSpec.h"

#include <nlohmann/json_fwd.hpp>

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace limpid {

class CohortBook;
struct DataSet;

/// What explained rows are compared with: a sample, all, k-means, one row, a cohort, or rows that were selected, which can be
/// dropped on it.
class BackgroundField : public QWidget
{
    Q_OBJECT
public:
    /// What rows are dragged as: numbers of rows of the open table, with spaces between them.
    static constexpr const char* rowsMimeType = "application/x-limpid-rows";

    explicit BackgroundField(QWidget* parent = nullptr);

    BackgroundSpec spec() const;
    /// The table that rows and conditions are of; null: none. Rows that were chosen of another are forgotten.
    void setData(std::shared_ptr<const DataSet> data);
    /// Rows of the table, at least one.
    void setRows(std::vector<std::size_t> rows);
    /// Rows of the table under the user's names, to be offered beside the rest; null where there are none to be had.
    void setCohorts(const CohortBook* book);
    /// One of these.
    void chooseCohort(const QString& name);
    /// Nothing can be set; rows can be dropped all the same.
    void setLocked(bool locked);

    nlohmann::json toJson() const;
    /// What toJson() gave; what is missing or unfit stays as it is.
    void restore(const nlohmann::json& kept);

signals:
    void changed();
    void rowsDropped();      ///< and chosen, so that the answer can be worked out anew

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    BackgroundSpec::Kind kind() const;
    void choose(BackgroundSpec::Kind kind);
    void forgetRows();
    void fillCohorts();
    QString cohort() const;                      ///< chosen by name; "": none
    int itemOf(const QString& cohort) const;     ///< "": of the rows that were selected; -1: none
    /// Only what the kind heeds is shown.
    void showFields();
    void checkConditions();

    QComboBox* m_kind;
    QSpinBox *m_count, *m_centres, *m_row;
    QLineEdit* m_where;
    QLabel* m_problem;
    std::vector<std::size_t> m_rows;             ///< of Kind::Rows, where they have no name
    const CohortBook* m_book = nullptr;
    QString m_wantedCohort;                      ///< that was chosen last, to be chosen again once it is there
    std::shared_ptr<const DataSet> m_data;
};

} // namespace limpid
