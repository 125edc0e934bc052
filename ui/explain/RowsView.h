#pragma once

#include "core/explain/Explanation.h"

#include <QWidget>

#include <memory>
#include <vector>

class QAction;
class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QScrollArea;
class QTableView;

namespace limpid {

class Card;
class CohortBook;
class CohortPicker;
class PinnedView;
class Plot;
class PlotJob;
class PlotKindBox;
class PlotView;
struct PinnedSide;
class RowsModel;
class Session;
class Theme;

/// Explained rows: what drives their predictions, how one row's comes about, and the rows to choose from.
class RowsView : public QWidget
{
    Q_OBJECT
public:
    RowsView(Session& session, const Theme& theme, CohortBook& cohorts, QWidget* parent = nullptr);

    /// More rows of what is shown, or another explanation.
    void setExplanation(std::shared_ptr<const Explanation> explanation);
    void clear();
    bool isEmpty() const { return !m_explanation || m_explanation->rowCount() == 0; }
    /// What stands there while nothing is shown.
    void setHint(const QString& hint);
    /// What was asked that the explanation does not tell, until the next clear(): the cohort whose rows are explained, and the
    /// groups of columns that play. "" where there are none.
    void setAsked(const QString& cohort, const QString& groups);
    /// Whether what is shown is whole, so that its quality can be asked for.
    void setComplete(bool complete);
    /// Whose predictions the next explanations are of: "adult@2". An explanation that is pinned tells by it what is beside it.
    void setModelName(const QString& name) { m_modelName = name; }
    /// The row that is shown stays beside what is chosen and explained next.
    void pin();
    void unpin();
    /// Whether its rows are those of the open table, so that they can be compared with.
    void setOfOpenTable(bool open);

signals:
    void backgroundChosen(const std::vector<std::size_t>& rows);   ///< rows of the table, to compare with
    void qualityAsked(std::size_t output);                         ///< how far the values of that output can be trusted

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildOverview();
    void buildRowCards();
    void buildPinned();
    void arrange();
    void showParts();
    void layOutOverview();
    std::vector<std::size_t> selectedRows() const;
    std::vector<std::size_t> selectedTableRows() const;
    void makeCohort();
    void showPlot();
    void showFooter();
    /// One row's values: over its picture, where the model takes the columns as one.
    std::unique_ptr<Plot> rowPlot(std::size_t row) const;
    void showRow();
    PinnedSide shownSide() const;
    void showPinned();
    /// The row of the file that is pinned, by its index in the explanation; -1 where it is not there.
    int pinnedRow() const;
    void chooseRow(int row);
    /// One selection for the plot and the table: from whichever it was made in to the other.
    void selectInTable(const std::vector<std::size_t>& rows);
    void selectInPlot();
    void fillOutputs();

    Session& m_session;
    const Theme& m_theme;
    CohortBook& m_cohorts;
    QGridLayout* m_grid;
    Card *m_overview = nullptr, *m_rowCard = nullptr, *m_rowsCard = nullptr;
    PlotKindBox* m_kind = nullptr;
    QComboBox *m_feature = nullptr, *m_output = nullptr, *m_beside = nullptr;
    PlotView *m_plot = nullptr, *m_rowPlot = nullptr;
    PlotJob* m_layout = nullptr;    ///< of m_plot
    QScrollArea *m_plotArea = nullptr, *m_rowPlotArea = nullptr;
    QLabel *m_hint = nullptr, *m_rowHint = nullptr, *m_facts = nullptr, *m_order = nullptr, *m_sentence = nullptr, *m_rowSentence = nullptr;
    QWidget* m_footer = nullptr;
    QTableView* m_rows = nullptr;
    CohortPicker* m_cohortsShown = nullptr;
    QPushButton *m_compare = nullptr, *m_makeCohort = nullptr, *m_quality = nullptr, *m_pin = nullptr, *m_unpin = nullptr;
    QAction* m_unpinAction = nullptr;
    PinnedView* m_pinned = nullptr;
    RowsModel* m_rowsModel = nullptr;
    bool m_wide = true;

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_shownOutput = 0;
    int m_shownRow = -1;            ///< of the explanation
    QString m_cohortAsked, m_groupsAsked;
    QString m_modelName;
    std::uint64_t m_asked = 0;      ///< grows with each clear(): the next explanation answers another question
    bool m_seeksPinned = false;     ///< the pinned row is chosen as soon as it is there
};

} // namespace limpid
