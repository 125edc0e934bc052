#pragma once

#include "ui/explain/ExplainWork.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QSlider;
class QStandardItemModel;
class QTableView;

namespace limpid {

class Session;

/// A row whose cells can be changed by hand, and what the model says of it, before and now. Predictions are jobs: while one runs
/// the newest cells wait, and older ones are never answered.
class WhatIfPanel : public QWidget
{
    Q_OBJECT
public:
    explicit WhatIfPanel(Session& session, QWidget* parent = nullptr);
    ~WhatIfPanel() override;

    /// The row of the outcome, as it is.
    void setRow(std::shared_ptr<const CounterfactualOutcome> outcome, std::shared_ptr<const LoadedModel> model);
    void clear();
    /// As RowAnswer::cells.
    void setCells(const std::vector<std::string>& cells);
    void reset();

private:
    struct Editor {
        QLabel* label = nullptr;
        QSlider* slider = nullptr;    ///< of numbers with a range
        QLineEdit* edit = nullptr;    ///< of numbers, dates and texts
        QComboBox* combo = nullptr;   ///< of categories
    };
    void addEditor(std::size_t column);
    /// Editors and marks as m_cells are.
    void showCell(std::size_t column);
    void change(std::size_t column, const QString& text);
    int sliderPlace(std::size_t column, double value) const;
    double sliderValue(std::size_t column, int place) const;
    /// A sentence about a cell that can't be read; empty where all can.
    QString problem() const;
    void ask();
    void showAnswer(const RowAnswer* now);

    Session& m_session;
    QStandardItemModel* m_outputs;
    QTableView* m_outputsView;
    QLabel* m_status;
    QScrollArea* m_area;
    QWidget* m_fields = nullptr;
    QGridLayout* m_grid = nullptr;
    std::vector<Editor> m_editors;

    std::shared_ptr<const CounterfactualOutcome> m_outcome;
    std::shared_ptr<const LoadedModel> m_model;
    std::vector<std::string> m_cells;
    std::uint64_t m_job = 0, m_token = 0;
    bool m_asking = false, m_again = false, m_filling = false;
};

} // namespace limpid
